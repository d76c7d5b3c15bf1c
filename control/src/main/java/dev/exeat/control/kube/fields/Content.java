package dev.exeat.control.kube.fields;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The part of an object that clients own: neither what the server alone says, nor what is written elsewhere. */
final class Content {
    static final String MANAGED_FIELDS = "managedFields";
    private static final String METADATA = "metadata";
    private static final String STATUS = "status";
    private static final List<String> TYPE = List.of("apiVersion", "kind");
    private static final List<String> SERVERS_OWN = List.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "resourceVersion",
            MANAGED_FIELDS);

    private Content() {}

    static ObjectNode of(ObjectNode object, Author author) {
        if (author.subresource().equals(STATUS)) {
            ObjectNode content = JsonNodeFactory.instance.objectNode();
            if (object.has(STATUS)) {
                content.set(STATUS, object.path(STATUS).deepCopy());
            }
            return content;
        }
        ObjectNode content = object.deepCopy();
        content.remove(TYPE);
        if (author.statusApart()) {
            content.remove(STATUS);
        }
        if (content.path(METADATA) instanceof ObjectNode metadata) {
            metadata.remove(SERVERS_OWN);
        } else {
            content.putObject(METADATA);
        }
        return content;
    }

    /** The object with other content; the rest is as it was. */
    static ObjectNode into(ObjectNode object, JsonNode content, Author author) {
        if (author.subresource().equals(STATUS)) {
            ObjectNode whole = object.deepCopy();
            whole.remove(STATUS);
            if (content.has(STATUS)) {
                whole.set(STATUS, content.path(STATUS));
            }
            return whole;
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        for (String field : TYPE) {
            whole.set(field, object.path(field));
        }
        ObjectNode metadata = whole.putObject(METADATA);
        for (String field : SERVERS_OWN) {
            JsonNode value = object.path(METADATA).path(field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        }
        content.path(METADATA).properties().forEach(field -> metadata.set(field.getKey(), field.getValue()));
        for (var field : content.properties()) {
            if (!field.getKey().equals(METADATA)) {
                whole.set(field.getKey(), field.getValue());
            }
        }
        if (author.statusApart() && object.has(STATUS)) {
            whole.set(STATUS, object.path(STATUS));
        }
        return whole;
    }
}
