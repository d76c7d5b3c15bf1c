package dev.exeat.control.kinds;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schema of a custom kind's objects with what all objects have: their type and their metadata. */
final class WholeSchema {
    private static final String PROPERTIES = "properties";
    private final PublishedSchemas published;

    WholeSchema(PublishedSchemas published) {
        this.published = published;
    }

    /** @param schema of what is the kind's own */
    ObjectNode of(JsonNode schema) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        properties.set("apiVersion", text("The group and version of the kind."));
        properties.set("kind", text("The kind, as manifests spell it."));
        properties.set("metadata", published.resolved(PublishedSchemas.OBJECT_META));
        schema.properties().forEach(entry -> whole.set(entry.getKey(), entry.getValue()));
        schema.path(PROPERTIES).properties().forEach(entry -> properties.set(entry.getKey(), entry.getValue()));
        whole.set(PROPERTIES, properties);
        return whole;
    }

    private static ObjectNode text(String description) {
        return JsonNodeFactory.instance.objectNode().put("type", "string").put("description", description);
    }
}
