package dev.exeat.policy;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.cexl.Vocabulary;
import java.util.Collection;
import java.util.List;

/** Judges objects and compiles them into snapshots. Immutable and thread-safe; reads nothing but its arguments. */
public final class PolicyCompiler {
    private final CompileOptions options;

    public PolicyCompiler(CompileOptions options) {
        this.options = options;
    }

    public CompileOptions options() {
        return options;
    }

    /** The attributes that expressions may use among these objects. */
    public Vocabulary vocabulary(Collection<Resource> resources) {
        return Vocabularies.of(resources).vocabulary();
    }

    /** Every problem that one object has by itself, where expressions use Istio's attributes alone. */
    public List<Problem> check(Resource resource) {
        return check(resource, List.of());
    }

    /**
     * Every problem that one object has by itself.
     *
     * @param context objects whose attribute manifests the expressions of the object may use; others do not matter
     */
    public List<Problem> check(Resource resource, Collection<Resource> context) {
        return recompiler().check(List.of(resource), context).getFirst();
    }

    /**
     * Compiles all objects; their order does not matter. An object that {@link #check} refuses is best left out for its
     * last good version. Handed in all the same it denies: a handler or instance what its rules match, a rule
     * everything within its namespace's reach. A broken ServiceEntry admits nothing.
     */
    public Compilation compile(Collection<Resource> resources) {
        return recompiler().compile(resources);
    }

    /** Compiles one set of objects after another, in less time where most of them are the same. */
    public Recompiler recompiler() {
        return new Recompiler(options);
    }
}
