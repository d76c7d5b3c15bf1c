package dev.exeat.control.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes objects of built-in kinds as strategic merge patches say: lists by their keys, and the directives {@code
 * $patch}, {@code $deleteFromPrimitiveList/} and {@code $retainKeys} (Kubernetes documentation, "Update API Objects in
 * Place Using kubectl patch"). The order of {@code $setElementOrder/} is what the client asks for, and is ignored.
 */
final class StrategicPatch {
    private static final String PATCH = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String DELETE_VALUES = "$deleteFromPrimitiveList/";

    private StrategicPatch() {}

    /** A new object: the target as the patch changes it. */
    static ObjectNode apply(JsonNode schema, ObjectNode target, ObjectNode patch) {
        String directive = patch.path(PATCH).asString("");
        if (directive.equals("replace")) {
            return withoutDirectives(patch);
        }
        if (directive.equals("delete")) {
            return JsonMapper.shared().createObjectNode();
        }
        ObjectNode merged = target.deepCopy();
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            if (name.startsWith(DELETE_VALUES)) {
                deleteValues(merged, name.substring(DELETE_VALUES.length()), field.getValue());
            } else if (name.equals(RETAIN)) {
                List<String> retained = new ArrayList<>();
                field.getValue().forEach(key -> retained.add(key.asString("")));
                merged.retain(retained);
            } else if (!name.startsWith("$")) {
                JsonNode nested = schema.path("properties").path(name);
                set(
                        merged,
                        name,
                        nested.isMissingNode() ? schema.path("additionalProperties") : nested,
                        field.getValue());
            }
        }
        return merged;
    }

    private static void set(ObjectNode merged, String name, JsonNode schema, JsonNode value) {
        JsonNode before = merged.get(name);
        switch (value) {
            case ObjectNode object ->
                merged.set(
                        name,
                        apply(
                                schema,
                                before instanceof ObjectNode known
                                        ? known
                                        : JsonMapper.shared().createObjectNode(),
                                object));
            case ArrayNode items ->
                merged.set(name, list(schema, before instanceof ArrayNode list ? list : null, items));
            default -> {
                if (value.isNull()) {
                    merged.remove(name);
                } else {
                    merged.set(name, value);
                }
            }
        }
    }

    private static ArrayNode list(JsonNode schema, @Nullable ArrayNode before, ArrayNode patch) {
        String type = schema.path("x-kubernetes-list-type").asString("atomic");
        boolean replaced = false;
        for (JsonNode item : patch) {
            replaced |= item.path(PATCH).asString("").equals("replace") && item.size() == 1;
        }
        ArrayNode merged = before == null || replaced || type.equals("atomic")
                ? JsonMapper.shared().createArrayNode()
                : before.deepCopy();
        String key = schema.path("x-kubernetes-list-map-keys").path(0).asString("");
        for (JsonNode item : patch) {
            int at = indexOf(merged, item, type.equals("map") ? key : "");
            String directive = item.path(PATCH).asString("");
            if (directive.equals("delete")) {
                if (at >= 0) {
                    merged.remove(at);
                }
            } else if (item instanceof ObjectNode object && !(directive.equals("replace") && item.size() == 1)) {
                if (at >= 0 && merged.get(at) instanceof ObjectNode known) {
                    merged.set(at, apply(schema.path("items"), known, object));
                } else {
                    merged.add(withoutDirectives(object));
                }
            } else if (!item.isObject() && (at < 0 || type.equals("atomic"))) {
                merged.add(item);
            }
        }
        return merged;
    }

    private static int indexOf(ArrayNode list, JsonNode item, String key) {
        for (int i = 0; i < list.size(); i++) {
            boolean same = key.isEmpty()
                    ? list.get(i).equals(item)
                    : list.get(i).path(key).equals(item.path(key));
            if (same) {
                return i;
            }
        }
        return -1;
    }

    private static void deleteValues(ObjectNode object, String name, JsonNode values) {
        if (object.path(name) instanceof ArrayNode list) {
            for (JsonNode value : values) {
                int at = indexOf(list, value, "");
                if (at >= 0) {
                    list.remove(at);
                }
            }
        }
    }

    private static ObjectNode withoutDirectives(ObjectNode object) {
        ObjectNode plain = object.deepCopy();
        List<String> directives = plain.propertyNames().stream()
                .filter(name -> name.startsWith("$"))
                .toList();
        plain.remove(directives);
        return plain;
    }
}
