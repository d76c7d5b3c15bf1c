package dev.exeat.control.kube.schema;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fills in what a schema says of absent fields (Kubernetes documentation, "Defaulting"). */
final class Defaults {
    private Defaults() {}

    static void fill(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property :
                    schema.path("properties").properties()) {
                JsonNode standard = property.getValue().path("default");
                if (!standard.isMissingNode() && object.path(property.getKey()).isMissingNode()) {
                    object.set(property.getKey(), standard.deepCopy());
                }
            }
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode nested = schema.path("properties").path(field.getKey());
                fill(nested.isMissingNode() ? schema.path("additionalProperties") : nested, field.getValue());
            }
        } else if (value instanceof ArrayNode array) {
            array.forEach(item -> fill(schema.path("items"), item));
        }
    }
}
