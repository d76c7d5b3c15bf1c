package dev.exeat.control.kube.fields;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fields that an object has, and an object without some of its fields. */
final class FieldWalk {
    private FieldWalk() {}

    /** All fields that an object gives. */
    static FieldSet fields(JsonNode schema, ObjectNode object) {
        FieldSet fields = new FieldSet();
        collect(schema, object, List.of(), fields);
        return fields;
    }

    private static void collect(JsonNode schema, JsonNode value, List<String> path, FieldSet fields) {
        switch (SchemaView.shape(schema, value)) {
            case LEAF -> fields.insert(path);
            case MAP -> {
                for (Map.Entry<String, JsonNode> field : ((ObjectNode) value).properties()) {
                    String element = Element.field(field.getKey());
                    JsonNode child = field.getValue();
                    List<String> below = below(path, element);
                    collect(SchemaView.field(schema, field.getKey()), child, below, fields);
                    boolean empty = child.isNull() || (child.isObject() && child.isEmpty());
                    if (empty || !SchemaView.names(schema, element)) {
                        fields.insert(below);
                    }
                }
            }
            case LIST ->
                items(schema, value).forEach((element, item) -> {
                    collect(SchemaView.items(schema), item, below(path, element), fields);
                    fields.insert(below(path, element));
                });
        }
    }

    static List<String> below(List<String> path, String element) {
        List<String> below = new ArrayList<>(path);
        below.add(element);
        return below;
    }

    /** The items by what tells them apart, in their order. */
    static Map<String, JsonNode> items(JsonNode schema, JsonNode list) {
        Map<String, JsonNode> items = new LinkedHashMap<>();
        for (JsonNode item : list) {
            String element = SchemaView.item(schema, item);
            if (element != null) {
                items.put(element, item);
            }
        }
        return items;
    }

    /** What is left of a value without some fields, or null where nothing is. */
    static @Nullable JsonNode without(JsonNode schema, JsonNode value, FieldSet removed) {
        return switch (SchemaView.shape(schema, value)) {
            case LEAF -> value;
            case MAP -> {
                ObjectNode left = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> field : ((ObjectNode) value).properties()) {
                    FieldSet below = removed.child(Element.field(field.getKey()));
                    JsonNode kept = kept(SchemaView.field(schema, field.getKey()), field.getValue(), below);
                    if (kept != null) {
                        left.set(field.getKey(), kept);
                    }
                }
                yield left.isEmpty() ? null : left;
            }
            case LIST -> {
                ArrayNode left = JsonNodeFactory.instance.arrayNode();
                items(schema, value).forEach((element, item) -> {
                    JsonNode kept = kept(SchemaView.items(schema), item, removed.child(element));
                    if (kept != null) {
                        left.add(kept);
                    }
                });
                yield left.isEmpty() ? null : left;
            }
        };
    }

    private static @Nullable JsonNode kept(JsonNode schema, JsonNode value, FieldSet removed) {
        if (removed.isMember()) {
            return null;
        }
        return removed.isEmpty() ? value : without(schema, value, removed);
    }

    /** A value as another one changes it: what the other gives is taken, the rest stays. */
    static JsonNode merge(JsonNode schema, @Nullable JsonNode current, JsonNode applied) {
        SchemaView.Shape shape = SchemaView.shape(schema, applied);
        if (current == null || shape == SchemaView.Shape.LEAF || SchemaView.shape(schema, current) != shape) {
            return applied.deepCopy();
        }
        if (shape == SchemaView.Shape.LIST) {
            return mergeLists(schema, items(schema, current), items(schema, applied));
        }
        ObjectNode merged = (ObjectNode) current.deepCopy();
        for (Map.Entry<String, JsonNode> field : ((ObjectNode) applied).properties()) {
            merged.set(
                    field.getKey(),
                    merge(SchemaView.field(schema, field.getKey()), merged.get(field.getKey()), field.getValue()));
        }
        return merged;
    }

    /** In the order of the applied list; what it does not have stays in its place among the others. */
    private static ArrayNode mergeLists(JsonNode schema, Map<String, JsonNode> current, Map<String, JsonNode> applied) {
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        List<String> known = List.copyOf(current.keySet());
        Set<String> done = new LinkedHashSet<>();
        int at = 0;
        for (String element : applied.keySet()) {
            at = copyUnapplied(known, at, current, applied, done, merged);
            JsonNode value = applied.getOrDefault(element, JsonNodeFactory.instance.missingNode());
            merged.add(merge(SchemaView.items(schema), current.get(element), value));
            done.add(element);
        }
        copyUnapplied(known, at, current, applied, done, merged);
        return merged;
    }

    private static int copyUnapplied(
            List<String> known,
            int from,
            Map<String, JsonNode> current,
            Map<String, JsonNode> applied,
            Set<String> done,
            ArrayNode merged) {
        int at = from;
        while (at < known.size() && (done.contains(known.get(at)) || !applied.containsKey(known.get(at)))) {
            if (!done.contains(known.get(at))) {
                merged.add(current.get(known.get(at)));
            }
            at++;
        }
        return at;
    }
}
