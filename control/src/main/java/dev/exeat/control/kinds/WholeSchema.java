package dev.exeat.control.kinds;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schema of a kind's objects with what all objects have: their type and their metadata. */
final class WholeSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String PROPERTIES = "properties";

    private WholeSchema() {}

    /** @param schema of what is the kind's own */
    static ObjectNode of(JsonNode schema) {
        ObjectNode whole = JSON.objectNode();
        ObjectNode properties = JSON.objectNode();
        properties.set("apiVersion", text("The group and version of the kind."));
        properties.set("kind", text("The kind, as manifests spell it."));
        properties.set("metadata", metadata());
        schema.properties().forEach(entry -> whole.set(entry.getKey(), entry.getValue()));
        schema.path(PROPERTIES).properties().forEach(entry -> properties.set(entry.getKey(), entry.getValue()));
        whole.set(PROPERTIES, properties);
        return whole;
    }

    private static ObjectNode text(String description) {
        return JSON.objectNode().put("type", "string").put("description", description);
    }

    private static ObjectNode metadata() {
        ObjectNode metadata = JSON.objectNode().put("type", "object").put("description", "What all objects have.");
        ObjectNode properties = metadata.putObject(PROPERTIES);
        properties.set("name", text("Its name within its namespace."));
        properties.set("generateName", text("The beginning of a name that the server completes."));
        properties.set("namespace", text("Where it lies."));
        for (String name : List.of("selfLink", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp")) {
            properties.set(name, text("Set by the server."));
        }
        for (String name : List.of("generation", "deletionGracePeriodSeconds")) {
            properties.putObject(name).put("type", "integer").put("description", "Set by the server.");
        }
        properties.set("labels", texts("By which it is selected."));
        properties.set("annotations", texts("What people and tools note."));
        list(properties, "finalizers", "Who must be done before it is gone.")
                .put("x-kubernetes-list-type", "set")
                .putObject("items")
                .put("type", "string");
        ObjectNode owners = list(properties, "ownerReferences", "What it belongs to.");
        owners.put("x-kubernetes-list-type", "map")
                .putArray("x-kubernetes-list-map-keys")
                .add("uid");
        ObjectNode owner = owners.putObject("items").put("type", "object").put("x-kubernetes-map-type", "atomic");
        for (String name : List.of("apiVersion", "kind", "name", "uid")) {
            owner.withObject("/" + PROPERTIES).putObject(name).put("type", "string");
        }
        for (String name : List.of("controller", "blockOwnerDeletion")) {
            owner.withObject("/" + PROPERTIES).putObject(name).put("type", "boolean");
        }
        list(properties, Kind.MANAGED_FIELDS, "Who owns which field; set by the server.")
                .putObject("items")
                .put("type", "object")
                .put("x-kubernetes-preserve-unknown-fields", true);
        return metadata;
    }

    private static ObjectNode texts(String description) {
        ObjectNode texts = JSON.objectNode().put("type", "object").put("description", description);
        texts.putObject("additionalProperties").put("type", "string");
        return texts;
    }

    private static ObjectNode list(ObjectNode properties, String name, String description) {
        return properties.putObject(name).put("type", "array").put("description", description);
    }
}
