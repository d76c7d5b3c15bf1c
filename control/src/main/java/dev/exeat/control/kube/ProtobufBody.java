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
    sealed interface FieldType {
        record Text() implements FieldType {}

        /** Entries with key 1 and value 2. */
        record Texts() implements FieldType {}

        record TextList() implements FieldType {}

        record WholeNumber() implements FieldType {}

        record Message(Map<Integer, Field> fields) implements FieldType {}

        record MessageList(Message each) implements FieldType {}
    }

    record Field(String name, FieldType type) {}

    private static final FieldType.Message TYPE_META = ProtobufKinds.TYPE_META;
    private final byte[] octets;
    private final int end;
    private int at;

    private ProtobufBody(byte[] octets, int at, int end) {
        this.octets = octets;
        this.at = at;
        this.end = end;
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
        FieldType.Message message = ProtobufKinds.of(type.path("kind").asString(""));
        if (message == null || raw == null) {
            throw KubeException.unsupported(
                    "the body of the request was in an unknown format - accepted media types include:"
                            + " application/json");
        }
        raw.into(type, message, 0);
        return type;
    }

    private void into(ObjectNode object, FieldType.Message message, int depth) {
        if (depth > MOST_DEPTH) {
            throw broken();
        }
        while (at < end) {
            int tag = varint();
            Field field = message.fields().get(tag >>> 3);
            int wireType = field != null && field.type() instanceof FieldType.WholeNumber ? VARINT : TEXT;
            if (field == null || (tag & 7) != wireType) {
                skip(tag & 7);
            } else if (wireType == VARINT) {
                object.put(field.name(), number());
            } else {
                nested().put(object, field, depth);
            }
        }
    }

    private void put(ObjectNode object, Field field, int depth) {
        String pointer = "/" + field.name();
        switch (field.type()) {
            case FieldType.Text _ -> {
                String text = text();
                if (!text.isEmpty()) {
                    object.put(field.name(), text);
                }
            }
            case FieldType.Texts _ -> entry(object.withObject(pointer));
            case FieldType.TextList _ -> object.withArray(pointer).add(text());
            case FieldType.Message inner -> into(object.withObject(pointer), inner, depth + 1);
            case FieldType.MessageList list -> into(object.withArray(pointer).addObject(), list.each(), depth + 1);
            case FieldType.WholeNumber _ -> throw broken();
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

    /** The low 32 bits of a number. */
    private int varint() {
        return (int) number();
    }

    /** A number of at most ten octets. */
    private long number() {
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
                return value;
            }
        }
        throw broken();
    }

    private static KubeException broken() {
        return KubeException.badRequest("the body of the request is no protobuf message");
    }
}
