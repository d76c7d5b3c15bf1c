package dev.exeat.control.kube;

import dev.exeat.control.kinds.PublishedSchemas;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies in protobuf, which clients send for Kubernetes' own kinds and for which they take no refusal (Kubernetes API
 * concepts, "Kubernetes Protobuf encoding"). What they hold the published schemas say. Immutable.
 */
final class ProtobufBody {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private final PublishedSchemas schemas;

    ProtobufBody(PublishedSchemas schemas) {
        this.schemas = schemas;
    }

    static boolean is(byte[] body) {
        return body.length >= MAGIC.length && Arrays.equals(MAGIC, 0, MAGIC.length, body, 0, MAGIC.length);
    }

    /**
     * The object in JSON.
     *
     * @throws KubeException if it cannot be read, or holds more than {@value ProtobufMessage#MOST_VALUES} values
     */
    ObjectNode read(byte[] body) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ProtobufReader envelope = new ProtobufReader(body, MAGIC.length, body.length);
        ProtobufReader content = null;
        while (envelope.next()) {
            switch (envelope.field()) {
                case 1 -> type(envelope.message(), object);
                case 2 -> content = envelope.message();
                default -> envelope.skip();
            }
        }
        ObjectNode schema = schema(
                object.path("apiVersion").asString(""), object.path("kind").asString(""));
        if (schema == null || content == null) {
            throw KubeException.unsupported(
                    "the body of the request was in an unknown format - accepted media types include:"
                            + " application/json");
        }
        new ProtobufMessage().read(content, schema, object);
        return object;
    }

    private static void type(ProtobufReader type, ObjectNode object) {
        while (type.next()) {
            switch (type.field()) {
                case 1 -> object.put("apiVersion", type.message().text());
                case 2 -> object.put("kind", type.message().text());
                default -> type.skip();
            }
        }
    }

    private @Nullable ObjectNode schema(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = apiVersion.substring(0, Math.max(0, slash));
        return schemas.of(group, apiVersion.substring(slash + 1), kind);
    }
}
