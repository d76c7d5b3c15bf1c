package dev.exeat.control.kube;

import dev.exeat.control.kinds.PublishedSchemas;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts what a message in protobuf holds into an object of JSON, by the published schema of that: it gives the numbers of
 * the fields, and their types. As Go does, clients send the zero of a type for a field that is absent, so zeroes are left
 * out unless the field is required or is one that can be absent otherwise. For one message; not thread-safe.
 */
final class ProtobufMessage {
    static final int MOST_VALUES = 500_000;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final ObjectNode TEXT = JSON.objectNode().put("type", "string");

    private int values;

    /** @throws KubeException if it is no such message */
    void read(ProtobufReader message, JsonNode schema, ObjectNode into) {
        read(message, schema, schema.path(PublishedSchemas.PROTOBUF), into);
    }

    /** @param numbers the names of the fields, or for a part whose fields are those of the whole in JSON, theirs */
    private void read(ProtobufReader message, JsonNode schema, JsonNode numbers, ObjectNode into) {
        while (message.next()) {
            JsonNode field = numbers.path(Integer.toString(message.field()));
            if (field.isObject()) {
                read(message.message(), schema, field, into);
            } else if (field.isString()) {
                String name = field.asString();
                boolean pointer = name.startsWith("*");
                field(message, schema, pointer ? name.substring(1) : name, pointer, into);
            } else {
                message.skip();
            }
        }
    }

    private void field(ProtobufReader message, JsonNode schema, String name, boolean pointer, ObjectNode into) {
        JsonNode type = schema.path("properties").path(name);
        switch (type.path("type").asString("")) {
            case "array" -> {
                ArrayNode items = into.get(name) instanceof ArrayNode known ? known : into.putArray(name);
                items(message, type.path("items"), items);
            }
            case "object" -> {
                ObjectNode object = into.get(name) instanceof ObjectNode known ? known : into.putObject(name);
                object(message.message(), type, object);
                if (object.isEmpty() && !isKept(schema, name, pointer)) {
                    into.remove(name);
                }
            }
            default -> {
                JsonNode value = value(message, type);
                if (value != null && (!isZero(value) || isKept(schema, name, pointer))) {
                    into.set(name, value);
                }
            }
        }
    }

    private static boolean isKept(JsonNode schema, String name, boolean pointer) {
        return pointer
                || schema.path("required")
                        .valueStream()
                        .anyMatch(required -> required.asString().equals(name));
    }

    private static boolean isZero(JsonNode value) {
        return value.isString()
                ? value.asString().isEmpty()
                : value.isBoolean() ? !value.asBoolean() : value.asLong() == 0;
    }

    /** One more item; or several, as numbers may be put together. */
    private void items(ProtobufReader message, JsonNode type, ArrayNode items) {
        boolean numbers = type.path("type").asString("").equals("integer");
        if (numbers && message.isMessage()) {
            ProtobufReader packed = message.message();
            while (packed.hasMore()) {
                count();
                items.add(packed.varint());
            }
        } else if (type.path("type").asString("").equals("object")) {
            object(message.message(), type, items.addObject());
        } else {
            JsonNode value = value(message, type);
            items.add(value == null ? JSON.nullNode() : value);
        }
    }

    private void object(ProtobufReader message, JsonNode type, ObjectNode into) {
        count();
        if (type.path("additionalProperties").isObject()) {
            entry(message, type.path("additionalProperties"), into);
        } else if (type.has("properties")) {
            read(message, type, into);
        } else {
            raw(message, into);
        }
    }

    /** What is JSON within protobuf. */
    private static void raw(ProtobufReader message, ObjectNode into) {
        while (message.next()) {
            if (message.field() != 1) {
                message.skip();
            } else if (RequestBody.bounded(message.message().bytes()) instanceof ObjectNode object) {
                into.setAll(object);
            }
        }
    }

    private void entry(ProtobufReader entry, JsonNode type, ObjectNode into) {
        String key = "";
        JsonNode value = type.path("type").asString("").equals("array") ? JSON.arrayNode() : JSON.stringNode("");
        while (entry.next()) {
            if (entry.field() == 1) {
                key = entry.message().text();
            } else if (entry.field() != 2) {
                entry.skip();
            } else if (value instanceof ArrayNode texts) {
                ProtobufReader list = entry.message();
                while (list.next()) {
                    items(list, TEXT, texts);
                }
            } else {
                JsonNode read = value(entry, type);
                value = read == null ? value : read;
            }
        }
        into.set(key, value);
    }

    /** @return null for none, as a time that is not set */
    private @Nullable JsonNode value(ProtobufReader message, JsonNode type) {
        count();
        String format = type.path("format").asString("");
        return switch (type.path("type").asString("")) {
            case "boolean" -> JSON.booleanNode(message.number() != 0);
            case "integer" -> JSON.numberNode(format.equals("int32") ? (int) message.number() : message.number());
            case "string" ->
                switch (format) {
                    case "byte" ->
                        JSON.stringNode(Base64.getEncoder()
                                .encodeToString(message.message().bytes()));
                    case "date-time" -> time(message.message(), type);
                    default -> JSON.stringNode(message.message().text());
                };
            default -> format.equals("int-or-string") ? either(message.message()) : quantity(message.message());
        };
    }

    private static @Nullable JsonNode time(ProtobufReader time, JsonNode type) {
        long seconds = 0;
        long nanos = 0;
        boolean set = false;
        while (time.next()) {
            switch (time.field()) {
                case 1 -> {
                    seconds = time.number();
                    set = true;
                }
                case 2 -> nanos = time.number();
                default -> time.skip();
            }
        }
        try {
            Instant instant = Instant.ofEpochSecond(seconds, nanos);
            boolean micro = type.path(PublishedSchemas.DEFINITION).asString("").endsWith(".MicroTime");
            return set ? JSON.stringNode(micro ? MICROS.format(instant) : instant.toString()) : null;
        } catch (DateTimeException | ArithmeticException e) {
            throw ProtobufReader.broken();
        }
    }

    private static JsonNode either(ProtobufReader value) {
        boolean text = false;
        JsonNode number = JSON.numberNode(0);
        JsonNode string = JSON.stringNode("");
        while (value.next()) {
            switch (value.field()) {
                case 1 -> text = value.number() == 1;
                case 2 -> number = JSON.numberNode((int) value.number());
                case 3 -> string = JSON.stringNode(value.message().text());
                default -> value.skip();
            }
        }
        return text ? string : number;
    }

    private static JsonNode quantity(ProtobufReader value) {
        String text = "";
        while (value.next()) {
            if (value.field() == 1) {
                text = value.message().text();
            } else {
                value.skip();
            }
        }
        return JSON.stringNode(text.isEmpty() ? "0" : text);
    }

    private void count() {
        if (++values > MOST_VALUES) {
            throw KubeException.badRequest("the body of the request has more than " + MOST_VALUES + " values");
        }
    }
}
