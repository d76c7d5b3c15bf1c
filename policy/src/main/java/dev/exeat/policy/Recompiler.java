package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.mixer.StandardAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one set of objects after another, as a source of them changes. What comes out is what {@link PolicyCompiler}
 * makes of the same objects; but an object that is the same, by identity, as in the set before is not read again, nor
 * joined again unless something that it names has changed. What is not in the set any more is forgotten. Not thread-safe.
 */
public final class Recompiler {
    private final CompileOptions options;
    /** What was judged since the last compilation, so that it is not read twice. */
    private final IdentityHashMap<Resource, JudgedObject> judged = new IdentityHashMap<>();

    private List<Resource> current = List.of();
    private Vocabularies.Declared declared = Vocabularies.Declared.NONE;
    private List<Resource> context = List.of();
    private ObjectJudge judge;
    /** Null where the next compilation is to begin with nothing. */
    private @Nullable IncrementalCompiler compiler;

    Recompiler(CompileOptions options) {
        this.options = options;
        this.judge = new ObjectJudge(StandardAttributes.vocabulary(), options);
    }

    /**
     * As {@link PolicyCompiler#check(Resource, Collection)} of each, many of them on all cores.
     *
     * @return the problems of each object, in the order of the objects
     */
    public List<List<Problem>> check(List<Resource> resources, Collection<Resource> manifests) {
        List<Resource> given = List.copyOf(manifests);
        if (!given.equals(context)) {
            Vocabulary vocabulary = Vocabularies.of(manifests).vocabulary();
            if (!vocabulary.equals(judge.vocabulary())) {
                judged.clear();
                judge = new ObjectJudge(vocabulary, options);
            }
        }
        context = given;
        List<List<Problem>> problems = new ArrayList<>(resources.size());
        for (JudgedObject object : judge(resources)) {
            problems.add(object.reading().problems());
        }
        return problems;
    }

    /** Judges those that were not, and remembers them. */
    private List<JudgedObject> judge(List<Resource> resources) {
        List<Resource> unknown = new ArrayList<>();
        for (Resource resource : resources) {
            if (!judged.containsKey(resource)) {
                unknown.add(resource);
            }
        }
        List<JudgedObject> fresh = judge.judge(unknown);
        for (int i = 0; i < fresh.size(); i++) {
            judged.put(unknown.get(i), fresh.get(i));
        }
        return unknown.size() == resources.size()
                ? fresh
                : resources.stream().map(judged::get).toList();
    }

    /** As {@link PolicyCompiler#compile}. */
    public Compilation compile(Collection<Resource> resources) {
        List<Problem> problems = new ArrayList<>();
        List<Resource> before = current;
        IncrementalCompiler working = compiler;
        // A fault leaves nothing half-done behind: the next compilation begins with nothing.
        compiler = null;
        current = List.of();
        if (working == null) {
            declared = Vocabularies.Declared.NONE;
            working = new IncrementalCompiler(options, declared.vocabulary());
            before = List.of();
        }
        List<Resource> now = List.copyOf(resources);
        ResourceChange change = ResourceChange.between(before, now);
        if (hasTwins(before, now, change, working)) {
            now = List.copyOf(DuplicateObjects.without(resources, problems));
            change = ResourceChange.between(before, now);
        }
        if (Vocabularies.matter(change)) {
            declared = Vocabularies.of(now);
        }
        if (!declared.vocabulary().equals(working.vocabulary())) {
            working = new IncrementalCompiler(options, declared.vocabulary());
            change = ResourceChange.between(List.of(), now);
        }
        problems.addAll(declared.problems());
        Compilation compiled = working.change(change.gone(), change.come(), judged(change.come(), working));
        problems.addAll(compiled.problems());
        judged.clear();
        current = now;
        compiler = working;
        return new Compilation(compiled.snapshot(), problems, compiled.effects());
    }

    /** What was judged since the last compilation is not judged again. */
    private List<JudgedObject> judged(List<Resource> come, IncrementalCompiler working) {
        if (judged.isEmpty() || !judge.vocabulary().equals(working.vocabulary())) {
            return working.judge(come);
        }
        return judge(come);
    }

    /** Whether two objects have one key; among those that were in force before no two have. */
    private static boolean hasTwins(
            List<Resource> before, List<Resource> now, ResourceChange change, IncrementalCompiler working) {
        if (now.size() != before.size() - change.gone().size() + change.come().size()) {
            return true;
        }
        Set<ObjectKey> gone = new HashSet<>();
        change.gone().forEach(resource -> gone.add(resource.key()));
        Set<ObjectKey> come = new HashSet<>();
        for (Resource resource : change.come()) {
            ObjectKey key = resource.key();
            if (!come.add(key) || (working.holds(key) && !gone.contains(key))) {
                return true;
            }
        }
        return false;
    }
}
