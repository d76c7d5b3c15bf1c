package dev.exeat.control.kube;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies in protobuf, which {@code kubectl create} sends for some kinds of Kubernetes' own and for which it takes no
 * refusal (Kubernetes API concepts, "Kubernetes Protobuf encoding"). Of each kind the fields that matter here are read.
 */
final class ProtobufBody {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int TEXT = 2;
    private static final int FIXED_32 = 5;
    private static final int MOST_DEPTH = 8;

    /** What a field of a message is in JSON. */
    private sealed interface Type {
        record Text() implements Type {}

        /** Entries with key 1 and value 2. */
        record Texts() implements Type {}

        record Message(Map<Integer, Field> fields) implements Type {}
    }

    private record Field(String name, Type type) {}

    private static final Type.Message TYPE_META = new Type.Message(Map.of(1, text("apiVersion"), 2, text("kind")));
    private static final Type.Message OBJECT_META = new Type.Message(Map.of(
            1, text("name"),
            2, text("generateName"),
            3, text("namespace"),
            11, new Field("labels", new Type.Texts()),
            12, new Field("annotations", new Type.Texts())));
    private static final Field METADATA = new Field("metadata", OBJECT_META);
    private static final Map<String, Type.Message> KINDS = Map.of(
            "Namespace", new Type.Message(Map.of(1, METADATA)),
            "ServiceAccount", new Type.Message(Map.of(1, METADATA)),
            "ConfigMap", new Type.Message(Map.of(1, METADATA, 2, new Field("data", new Type.Texts()))),
            "DeleteOptions", new Type.Message(Map.of()));

    private final byte[] octets;
    private final int end;
    private int at;

    private ProtobufBody(byte[] octets, int at, int end) {
        this.octets = octets;
        this.at = at;
        this.end = end;
    }

    private static Field text(String name) {
        return new Field(name, new Type.Text());
    }

    static boolean is(byte[] body) {
        return body.length >= MAGIC.length && Arrays.equals(MAGIC, 0, MAGIC.length, body, 0, MAGIC.length);
    }

    /** @throws KubeException if it cannot be read */
    static ObjectNode read(byte[] body) {
        ObjectNode type = JsonNodeFactory.instance.objectNode();
        ProtobufBody unknown = new ProtobufBody(body, MAGIC.length, body.length);
        ProtobufBody raw = null;
        while (unknown.at < unknown.end) {
            int tag = unknown.varint();
            if (tag == (1 << 3 | TEXT)) {
                unknown.nested().into(type, TYPE_META, 0);
            } else if (tag == (2 << 3 | TEXT)) {
                raw = unknown.nested();
            } else {
                unknown.skip(tag & 7);
            }
        }
        Type.Message message = KINDS.get(type.path("kind").asString(""));
        if (message == null || raw == null) {
            throw KubeException.unsupported(
                    "the body of the request was in an unknown format - accepted media types include:"
                            + " application/json");
        }
        raw.into(type, message, 0);
        return type;
    }

    private void into(ObjectNode object, Type.Message message, int depth) {
        if (depth > MOST_DEPTH) {
            throw broken();
        }
        while (at < end) {
            int tag = varint();
            Field field = message.fields().get(tag >>> 3);
            if (field == null || (tag & 7) != TEXT) {
                skip(tag & 7);
                continue;
            }
            ProtobufBody nested = nested();
            switch (field.type()) {
                case Type.Text _ -> {
                    String text = nested.text();
                    if (!text.isEmpty()) {
                        object.put(field.name(), text);
                    }
                }
                case Type.Texts _ -> nested.entry(object.withObject("/" + field.name()));
                case Type.Message inner -> nested.into(object.withObject("/" + field.name()), inner, depth + 1);
            }
        }
    }

    private void entry(ObjectNode texts) {
        String key = "";
        String value = "";
        while (at < end) {
            int tag = varint();
            if (tag == (1 << 3 | TEXT)) {
                key = nested().text();
            } else if (tag == (2 << 3 | TEXT)) {
                value = nested().text();
            } else {
                skip(tag & 7);
            }
        }
        texts.put(key, value);
    }

    private String text() {
        return new String(octets, at, end - at, StandardCharsets.UTF_8);
    }

    private ProtobufBody nested() {
        int length = varint();
        if (length < 0 || length > end - at) {
            throw broken();
        }
        ProtobufBody nested = new ProtobufBody(octets, at, at + length);
        at += length;
        return nested;
    }

    private void skip(int wireType) {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED_64 -> forward(Long.BYTES);
            case TEXT -> nested();
            case FIXED_32 -> forward(Integer.BYTES);
            default -> throw broken();
        }
    }

    private void forward(int octetsAhead) {
        if (octetsAhead > end - at) {
            throw broken();
        }
        at += octetsAhead;
    }

    /** The low 32 bits of a number of at most ten octets. */
    private int varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at == end) {
                throw broken();
            }
            byte octet = octets[at++];
            if (shift < Long.SIZE) {
                value |= (long) (octet & 0x7f) << shift;
            }
            if (octet >= 0) {
                return (int) value;
            }
        }
        throw broken();
    }

    private static KubeException broken() {
        return KubeException.badRequest("the body of the request is no protobuf message");
    }
}
