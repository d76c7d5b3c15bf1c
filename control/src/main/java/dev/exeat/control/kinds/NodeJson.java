package dev.exeat.control.kinds;

import dev.exeat.model.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Nodes of a manifest as JSON. */
public final class NodeJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private NodeJson() {}

    public static JsonNode of(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> {
                ObjectNode object = JSON.objectNode();
                mapping.fields().forEach((name, value) -> object.set(name, of(value)));
                yield object;
            }
            case Node.Sequence sequence -> {
                ArrayNode array = JSON.arrayNode();
                sequence.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case Node.Scalar scalar -> scalar(scalar);
        };
    }

    private static JsonNode scalar(Node.Scalar scalar) {
        return switch (scalar.type()) {
            case TEXT -> JSON.stringNode(scalar.text());
            case INTEGER -> JSON.numberNode(new BigInteger(scalar.text()));
            case DECIMAL -> JSON.numberNode(new BigDecimal(scalar.text()));
            case BOOLEAN -> JSON.booleanNode(Boolean.parseBoolean(scalar.text()));
            case NULL -> JSON.nullNode();
        };
    }
}
