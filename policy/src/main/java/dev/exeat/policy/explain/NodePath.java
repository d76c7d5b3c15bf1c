package dev.exeat.policy.explain;

import dev.exeat.model.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds and replaces what stands at a path of keys and indices. */
final class NodePath {
    private NodePath() {}

    static @Nullable Node find(Node root, List<String> path) {
        Node node = root;
        for (String step : path) {
            node = child(node, step);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private static @Nullable Node child(@Nullable Node node, String step) {
        return switch (node) {
            case Node.Mapping mapping -> mapping.get(step);
            case Node.Sequence sequence -> {
                int index = Integer.parseInt(step);
                yield index < sequence.items().size() ? sequence.items().get(index) : null;
            }
            case null, default -> null;
        };
    }

    /** The same with another node at the path, which must be there. */
    static Node with(Node root, List<String> path, Node replacement) {
        return replace(root, path, replacement);
    }

    /** The same without what stands at the path, which must be there. */
    static Node without(Node root, List<String> path) {
        return replace(root, path, null);
    }

    private static Node replace(Node root, List<String> path, @Nullable Node replacement) {
        String step = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        Node old = child(root, step);
        if (old == null) {
            throw new IllegalArgumentException("nothing stands at " + told(path));
        }
        Node changed = rest.isEmpty() ? replacement : replace(old, rest, replacement);
        return switch (root) {
            case Node.Mapping mapping -> {
                Map<String, Node> fields = new LinkedHashMap<>(mapping.fields());
                if (changed == null) {
                    fields.remove(step);
                } else {
                    fields.put(step, changed);
                }
                yield new Node.Mapping(fields, mapping.keyPlaces(), mapping.place());
            }
            case Node.Sequence sequence -> {
                List<Node> items = new ArrayList<>(sequence.items());
                if (changed == null) {
                    items.remove(Integer.parseInt(step));
                } else {
                    items.set(Integer.parseInt(step), changed);
                }
                yield new Node.Sequence(items, sequence.place());
            }
            case Node.Scalar _ -> throw new IllegalArgumentException("nothing stands at " + told(path));
        };
    }

    /** As {@code spec.destinations[0].hosts[1]}. */
    static String told(List<String> path) {
        StringBuilder told = new StringBuilder();
        for (String step : path) {
            if (Character.isDigit(step.charAt(0))) {
                told.append('[').append(step).append(']');
            } else {
                told.append(told.isEmpty() ? "" : ".").append(step);
            }
        }
        return told.toString();
    }
}
