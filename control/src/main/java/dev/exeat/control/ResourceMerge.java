package dev.exeat.control;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins files into one set. Where two of them have the same object with different content, the later file wins and
 * says so; several files may share an object of the same content, which lasts as long as one of them.
 */
final class ResourceMerge {
    private final Map<ObjectKey, Resource> winners = new LinkedHashMap<>();
    private final Map<ObjectKey, Set<String>> sharers = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private ResourceMerge() {}

    /** @param files in their order: by root, then by name */
    static ResourceSet of(Collection<TrackedFile> files, List<Problem> others) {
        ResourceMerge merge = new ResourceMerge();
        merge.problems.addAll(others);
        for (TrackedFile file : files) {
            merge.problems.addAll(file.problems());
            file.resources().forEach(merge::add);
        }
        return new ResourceSet(List.copyOf(merge.winners.values()), merge.problems, merge.sharers, 0);
    }

    private void add(Resource resource) {
        Resource earlier = winners.put(resource.key(), resource);
        if (earlier == null) {
            return;
        }
        if (sameContent(earlier.body(), resource.body())) {
            Set<String> files = sharers.computeIfAbsent(resource.key(), _ -> new HashSet<>());
            files.add(earlier.place().file());
            files.add(resource.place().file());
        } else {
            sharers.remove(resource.key());
            problems.add(new Problem(
                    Problem.Severity.WARNING,
                    "object-twice",
                    resource.place(),
                    resource.key(),
                    "",
                    "the object also stands at " + earlier.place() + " with other content; the one here is in force",
                    "keep one of the two"));
        }
    }

    /** Whether two nodes say the same, wherever they stand. */
    static boolean sameContent(Node one, Node other) {
        return switch (one) {
            case Node.Scalar a ->
                other instanceof Node.Scalar b
                        && a.type() == b.type()
                        && a.text().equals(b.text());
            case Node.Sequence a -> other instanceof Node.Sequence b && sameItems(a.items(), b.items());
            case Node.Mapping a -> other instanceof Node.Mapping b && sameFields(a.fields(), b.fields());
        };
    }

    private static boolean sameItems(List<Node> one, List<Node> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!sameContent(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameFields(Map<String, Node> one, Map<String, Node> other) {
        if (!one.keySet().equals(other.keySet())) {
            return false;
        }
        for (Map.Entry<String, Node> field : one.entrySet()) {
            Node theirs = other.get(field.getKey());
            if (theirs == null || !sameContent(field.getValue(), theirs)) {
                return false;
            }
        }
        return true;
    }
}
