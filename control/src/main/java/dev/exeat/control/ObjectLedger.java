package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges objects one by one and remembers the last good version of each. A broken object is represented by that
 * version; one that never was good is left out. Not thread-safe.
 */
final class ObjectLedger {

    /** Tells every problem that one object has by itself. */
    @FunctionalInterface
    interface Check {
        List<Problem> problems(Resource resource, Collection<Resource> context);
    }

    /** @param resources at most one version of each object */
    record Accepted(List<Resource> resources, List<Problem> problems) {}

    private static final String CONTEXT_KIND = "attributemanifest";

    private final Check check;
    private final Map<ObjectKey, Resource> good = new HashMap<>();
    private IdentityHashMap<Resource, List<Problem>> judged = new IdentityHashMap<>();
    private List<Resource> context = List.of();

    ObjectLedger(Check check) {
        this.check = check;
    }

    /** Takes the place of the earlier set; what is not in it is forgotten. */
    Accepted accept(Collection<Resource> resources) {
        List<Resource> vocabulary = resources.stream()
                .filter(resource -> resource.key().kind().equals(CONTEXT_KIND))
                .toList();
        boolean sameVocabulary = vocabulary.equals(context);
        context = vocabulary;
        IdentityHashMap<Resource, List<Problem>> judgements = new IdentityHashMap<>();
        Map<ObjectKey, Resource> present = new HashMap<>();
        List<Resource> accepted = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Resource resource : resources) {
            List<Problem> known = sameVocabulary ? judged.get(resource) : null;
            List<Problem> found = known == null ? List.copyOf(check.problems(resource, vocabulary)) : known;
            judgements.put(resource, found);
            problems.addAll(found);
            Resource inForce = versionInForce(resource, found);
            if (inForce != null) {
                accepted.add(inForce);
                present.put(resource.key(), inForce);
            }
        }
        judged = judgements;
        good.clear();
        good.putAll(present);
        return new Accepted(accepted, problems);
    }

    private @Nullable Resource versionInForce(Resource resource, List<Problem> found) {
        return found.stream().anyMatch(Problem::isError) ? good.get(resource.key()) : resource;
    }
}
