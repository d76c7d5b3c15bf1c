package dev.exeat.policy;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.Collection;
import java.util.List;

/** Judges objects and compiles them into snapshots. Immutable and thread-safe; reads nothing but its arguments. */
public final class PolicyCompiler {
    private final CompileOptions options;

    public PolicyCompiler(CompileOptions options) {
        this.options = options;
    }

    public List<Problem> check(Resource resource) {
        return check(resource, List.of());
    }

    /**
     * Every problem that one object has by itself.
     *
     * @param context objects whose attribute manifests the expressions of the object may use
     */
    public List<Problem> check(Resource resource, Collection<Resource> context) {
        return List.of();
    }

    /** Compiles all objects; their order does not matter. */
    public Compilation compile(Collection<Resource> resources) {
        return new Compilation(new Snapshot(options.rootNamespace()), List.of());
    }
}
