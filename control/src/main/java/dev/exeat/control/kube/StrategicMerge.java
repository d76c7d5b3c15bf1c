package dev.exeat.control.kube;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes an object of one of Kubernetes' own kinds as a strategic merge patch says: as JSON Merge Patch does, but lists
 * whose items have a key by their schema are merged item by item, and directives replace, delete, keep or order
 * (Kubernetes documentation, "Update API Objects in Place Using kubectl patch").
 */
final class StrategicMerge {
    private static final String DIRECTIVE = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    /**
     * A new object: the target as the patch changes it.
     *
     * @param schema of the target, with the keys of its lists
     * @throws KubeException if a directive or an item cannot be understood
     */
    static ObjectNode merge(JsonNode schema, ObjectNode target, ObjectNode patch) {
        return switch (patch.path(DIRECTIVE).asString("merge")) {
            case "merge" -> merged(schema, target, patch);
            case "replace" -> {
                ObjectNode replaced = patch.deepCopy();
                replaced.remove(DIRECTIVE);
                yield replaced;
            }
            case "delete" -> JsonMapper.shared().createObjectNode();
            default -> throw broken("unknown " + DIRECTIVE);
        };
    }

    private static ObjectNode merged(JsonNode schema, ObjectNode target, ObjectNode patch) {
        ObjectNode merged = target.deepCopy();
        if (patch.path(RETAIN) instanceof ArrayNode retained) {
            merged.retain(texts(retained));
        }
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            if (name.startsWith(DELETE_FROM)) {
                deleteFrom(merged, name.substring(DELETE_FROM.length()), field.getValue());
            } else if (!name.startsWith("$")) {
                set(field(schema, name), merged, name, field.getValue(), patch.path(ORDER + name));
            }
        }
        reorder(schema, merged, patch);
        return merged;
    }

    private static JsonNode field(JsonNode schema, String name) {
        JsonNode named = schema.path("properties").path(name);
        return named.isMissingNode() ? schema.path("additionalProperties") : named;
    }

    private static void set(JsonNode schema, ObjectNode merged, String name, JsonNode value, JsonNode order) {
        JsonNode before = merged.get(name);
        switch (value) {
            case ObjectNode nested ->
                merged.set(
                        name,
                        merge(
                                schema,
                                before instanceof ObjectNode object
                                        ? object
                                        : JsonMapper.shared().createObjectNode(),
                                nested));
            case ArrayNode items -> merged.set(name, list(schema, before, items, order));
            default -> {
                if (value.isNull()) {
                    merged.remove(name);
                } else {
                    merged.set(name, value);
                }
            }
        }
    }

    private static ArrayNode list(JsonNode schema, @Nullable JsonNode before, ArrayNode patch, JsonNode order) {
        ArrayNode old =
                before instanceof ArrayNode array ? array : JsonMapper.shared().createArrayNode();
        String key = schema.path("x-kubernetes-patch-merge-key").asString("");
        if (!schema.path("x-kubernetes-patch-strategy").asString("").contains("merge")) {
            return patch;
        }
        if (key.isEmpty()) {
            Set<JsonNode> union = new LinkedHashSet<>();
            old.forEach(union::add);
            patch.forEach(union::add);
            return JsonMapper.shared().createArrayNode().addAll(union);
        }
        if (!patch.valueStream().allMatch(JsonNode::isObject)) {
            return patch;
        }
        return keyed(schema.path("items"), key, old, patch, order);
    }

    private static ArrayNode keyed(JsonNode schema, String key, ArrayNode old, ArrayNode patch, JsonNode order) {
        Map<String, JsonNode> items = new LinkedHashMap<>();
        old.forEach(item -> items.put(item.path(key).asString(""), item));
        List<String> patched = new ArrayList<>();
        boolean replace = patch.valueStream()
                .anyMatch(item -> item.path(DIRECTIVE).asString("").equals("replace") && !item.has(key));
        if (replace) {
            items.clear();
        }
        for (JsonNode item : patch) {
            String id = item.path(key).asString("");
            if (id.isEmpty()) {
                if (item.has(DIRECTIVE)) {
                    continue;
                }
                throw broken("an item of a list has no " + key);
            }
            if (item.path(DIRECTIVE).asString("").equals("delete")) {
                items.remove(id);
                continue;
            }
            ObjectNode before = items.get(id) instanceof ObjectNode object
                    ? object
                    : JsonMapper.shared().createObjectNode();
            items.put(id, merge(schema, before, (ObjectNode) item));
            patched.add(id);
        }
        List<String> wanted = order instanceof ArrayNode list
                ? list.valueStream()
                        .map(item -> item.path(key).asString(""))
                        .filter(items::containsKey)
                        .toList()
                : patched;
        ArrayNode result = JsonMapper.shared().createArrayNode();
        inOrder(wanted, items, old, key).forEach(id -> result.add(items.get(id)));
        return result;
    }

    /** The wanted ones in their order; those that only the server has come in where they stood among them. */
    private static List<String> inOrder(List<String> wanted, Map<String, JsonNode> items, ArrayNode old, String key) {
        Map<String, Integer> places = new HashMap<>();
        old.forEach(item -> places.put(item.path(key).asString(""), places.size()));
        Set<String> asked = new HashSet<>(wanted);
        List<String> rest =
                items.keySet().stream().filter(id -> !asked.contains(id)).toList();
        List<String> result = new ArrayList<>();
        int at = 0;
        for (String id : wanted) {
            int place = places.getOrDefault(id, -1);
            while (at < rest.size() && place >= 0 && places.getOrDefault(rest.get(at), place) < place) {
                result.add(rest.get(at++));
            }
            result.add(id);
        }
        result.addAll(rest.subList(at, rest.size()));
        return result.stream().distinct().toList();
    }

    /** A list whose items stay, in another order. */
    private static void reorder(JsonNode schema, ObjectNode merged, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey().startsWith(ORDER) ? field.getKey().substring(ORDER.length()) : "";
            if (!name.isEmpty() && !patch.has(name) && merged.get(name) instanceof ArrayNode items) {
                merged.set(
                        name,
                        list(field(schema, name), items, JsonMapper.shared().createArrayNode(), field.getValue()));
            }
        }
    }

    private static void deleteFrom(ObjectNode merged, String name, JsonNode values) {
        if (merged.get(name) instanceof ArrayNode items && values instanceof ArrayNode deleted) {
            Set<String> gone = Set.copyOf(texts(deleted));
            ArrayNode kept = JsonMapper.shared().createArrayNode();
            items.forEach(item -> {
                if (!gone.contains(item.asString(""))) {
                    kept.add(item);
                }
            });
            merged.set(name, kept);
        }
    }

    private static List<String> texts(ArrayNode array) {
        return array.valueStream().map(item -> item.asString("")).toList();
    }

    private static KubeException broken(String what) {
        return KubeException.badRequest("the strategic merge patch cannot be applied: " + what);
    }
}
