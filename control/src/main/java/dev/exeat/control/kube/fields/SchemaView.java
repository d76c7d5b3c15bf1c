package dev.exeat.control.kube.fields;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What a schema says of how values are owned and merged; without one it follows from the value. */
final class SchemaView {
    private SchemaView() {}

    /** How a value is owned. */
    enum Shape {
        /** As a whole. */
        LEAF,
        /** Field by field. */
        MAP,
        /** Item by item. */
        LIST
    }

    static Shape shape(JsonNode schema, JsonNode value) {
        return switch (value) {
            case ObjectNode _ ->
                schema.path("x-kubernetes-map-type").asString("").equals("atomic") ? Shape.LEAF : Shape.MAP;
            case ArrayNode _ ->
                switch (schema.path("x-kubernetes-list-type").asString("atomic")) {
                    case "map", "set" -> Shape.LIST;
                    default -> Shape.LEAF;
                };
            default -> Shape.LEAF;
        };
    }

    /** The schema of a field. */
    static JsonNode field(JsonNode schema, String name) {
        JsonNode named = schema.path("properties").path(name);
        return named.isMissingNode() ? schema.path("additionalProperties") : named;
    }

    static JsonNode items(JsonNode schema) {
        return schema.path("items");
    }

    static JsonNode below(JsonNode schema, String element) {
        if (schema.isMissingNode()) {
            return MissingNode.getInstance();
        }
        return Element.isField(element) ? field(schema, Element.name(element)) : items(schema);
    }

    /** Whether the element is a field that the schema knows by name. */
    static boolean names(JsonNode schema, String element) {
        return Element.isField(element) && schema.path("properties").has(Element.name(element));
    }

    /** @return null where an item cannot be told from others */
    static @Nullable String item(JsonNode schema, JsonNode item) {
        return schema.path("x-kubernetes-list-type").asString("").equals("set")
                ? Element.value(item)
                : Element.keys(schema.path("x-kubernetes-list-map-keys"), item);
    }
}
