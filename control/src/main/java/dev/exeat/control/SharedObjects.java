package dev.exeat.control;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects that stand in several files with the same content, of which one is enough: a rule whose own file has such an
 * instance doesn't depend on the other file, although the instance counts as standing there.
 */
final class SharedObjects {
    private static final String CODE = "shared-instance";

    private final Map<ObjectKey, Set<String>> sharers;

    /** @param sharers the files of each such object */
    SharedObjects(Map<ObjectKey, Set<String>> sharers) {
        this.sharers = sharers;
    }

    /** The problems without those that are none for this reason. */
    List<Problem> without(List<Problem> problems, Collection<Resource> resources) {
        if (sharers.isEmpty()) {
            return problems;
        }
        return problems.stream()
                .filter(problem -> !problem.code().equals(CODE) || !hasItsOwn(problem, resources))
                .toList();
    }

    private boolean hasItsOwn(Problem problem, Collection<Resource> resources) {
        for (Resource rule : resources) {
            String reference = rule.key().equals(problem.object()) ? textAt(rule.body(), problem.place()) : null;
            if (reference != null) {
                return sharers.keySet().stream()
                        .anyMatch(key -> isNamed(key, reference, rule.key().namespace())
                                && sharers.getOrDefault(key, Set.of())
                                        .contains(problem.place().file()));
            }
        }
        return false;
    }

    private static boolean isNamed(ObjectKey key, String reference, String namespace) {
        String full = key.name() + "." + key.kind() + "." + key.namespace();
        return reference.equals(full)
                || reference.equals(key.name() + "." + key.namespace())
                || (key.namespace().equals(namespace)
                        && (reference.equals(key.name()) || reference.equals(key.name() + "." + key.kind())));
    }

    private static @Nullable String textAt(Node node, Place place) {
        Collection<Node> inner = switch (node) {
            case Node.Mapping mapping -> mapping.fields().values();
            case Node.Sequence sequence -> sequence.items();
            case Node.Scalar _ -> List.of();
        };
        if (node instanceof Node.Scalar scalar && scalar.place().equals(place)) {
            return scalar.text();
        }
        for (Node child : inner) {
            String text = textAt(child, place);
            if (text != null) {
                return text;
            }
        }
        return null;
    }
}
