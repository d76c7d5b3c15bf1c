package dev.exeat.control.kube.fields;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which fields differ between two objects. */
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
    static Comparison of(JsonNode schema, ObjectNode before, ObjectNode after) {
        Comparison comparison = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
        comparison.compare(schema, before, after, List.of());
        return comparison;
    }

    FieldSet changed() {
        return modified.union(added);
    }

    private void compare(JsonNode schema, @Nullable JsonNode before, @Nullable JsonNode after, List<String> path) {
        JsonNode present = after == null ? before : after;
        if (present == null) {
            return;
        }
        SchemaView.Shape shape = SchemaView.shape(schema, present);
        boolean sameShape = before == null || after == null || SchemaView.shape(schema, before) == shape;
        boolean empty = isEmpty(before) && isEmpty(after);
        if (shape == SchemaView.Shape.LEAF || !sameShape || empty) {
            leaf(before, after, path);
            return;
        }
        if (shape == SchemaView.Shape.MAP) {
            for (String name : names(before, after)) {
                compare(
                        SchemaView.field(schema, name),
                        before == null ? null : before.get(name),
                        after == null ? null : after.get(name),
                        FieldWalk.below(path, Element.field(name)));
            }
        } else {
            Map<String, JsonNode> old = before == null ? Map.of() : FieldWalk.items(schema, before);
            Map<String, JsonNode> now = after == null ? Map.of() : FieldWalk.items(schema, after);
            Set<String> elements = new LinkedHashSet<>(old.keySet());
            elements.addAll(now.keySet());
            for (String element : elements) {
                compare(SchemaView.items(schema), old.get(element), now.get(element), FieldWalk.below(path, element));
            }
        }
        whole(before, after, path);
    }

    private void leaf(@Nullable JsonNode before, @Nullable JsonNode after, List<String> path) {
        if (before != null && after != null) {
            if (!before.equals(after)) {
                modified.insert(path);
            }
        } else {
            whole(before, after, path);
        }
    }

    private void whole(@Nullable JsonNode before, @Nullable JsonNode after, List<String> path) {
        if (before == null) {
            added.insert(path);
        } else if (after == null) {
            removed.insert(path);
        }
    }

    private static boolean isEmpty(@Nullable JsonNode value) {
        return value == null || (value.isContainer() && value.isEmpty());
    }

    private static Set<String> names(@Nullable JsonNode before, @Nullable JsonNode after) {
        Set<String> names = new LinkedHashSet<>();
        if (before != null) {
            names.addAll(before.propertyNames());
        }
        if (after != null) {
            names.addAll(after.propertyNames());
        }
        return names;
    }
}
