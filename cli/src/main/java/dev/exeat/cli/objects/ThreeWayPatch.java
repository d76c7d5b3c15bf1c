package dev.exeat.cli.objects;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Merge Patch (RFC 7396) that brings an object to what is declared: fields that were declared last time and are
 * no longer are removed, those that others set stay (Kubernetes documentation, "Declarative management", "How apply
 * calculates differences").
 */
final class ThreeWayPatch {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ThreeWayPatch() {}

    /**
     * @param original what was declared last
     * @return empty if nothing is to be changed
     */
    static ObjectNode of(ObjectNode original, ObjectNode declared, ObjectNode current) {
        return joined(removals(difference(original, declared)), settings(difference(current, declared)));
    }

    /** The merge patch from one object to the other. */
    private static ObjectNode difference(ObjectNode from, ObjectNode to) {
        ObjectNode patch = JSON.objectNode();
        for (Map.Entry<String, JsonNode> field : to.properties()) {
            JsonNode before = from.get(field.getKey());
            JsonNode after = field.getValue();
            if (before instanceof ObjectNode old && after instanceof ObjectNode fresh) {
                ObjectNode inner = difference(old, fresh);
                if (!inner.isEmpty()) {
                    patch.set(field.getKey(), inner);
                }
            } else if (!after.equals(before)) {
                patch.set(field.getKey(), after);
            }
        }
        for (String name : from.propertyNames()) {
            if (!to.has(name)) {
                patch.putNull(name);
            }
        }
        return patch;
    }

    private static ObjectNode removals(ObjectNode patch) {
        ObjectNode kept = JSON.objectNode();
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull()) {
                kept.putNull(field.getKey());
            } else if (field.getValue() instanceof ObjectNode nested
                    && !removals(nested).isEmpty()) {
                kept.set(field.getKey(), removals(nested));
            }
        }
        return kept;
    }

    private static ObjectNode settings(ObjectNode patch) {
        ObjectNode kept = JSON.objectNode();
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            JsonNode value = field.getValue();
            if (value instanceof ObjectNode nested) {
                ObjectNode inner = settings(nested);
                // An empty mapping that is declared is a value; one that is left over is no change.
                if (nested.isEmpty() || !inner.isEmpty()) {
                    kept.set(field.getKey(), inner);
                }
            } else if (!value.isNull()) {
                kept.set(field.getKey(), value);
            }
        }
        return kept;
    }

    private static ObjectNode joined(ObjectNode removals, ObjectNode settings) {
        ObjectNode joined = removals.deepCopy();
        for (Map.Entry<String, JsonNode> field : settings.properties()) {
            boolean both = joined.get(field.getKey()) instanceof ObjectNode && field.getValue() instanceof ObjectNode;
            joined.set(
                    field.getKey(),
                    both
                            ? joined((ObjectNode) joined.get(field.getKey()), (ObjectNode) field.getValue())
                            : field.getValue());
        }
        return joined;
    }
}
