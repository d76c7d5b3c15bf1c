package dev.exeat.control.kube.schema;

import com.google.re2j.Pattern;
import dev.exeat.control.kinds.PublishedSchemas;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the first value that one of Kubernetes' own types could not be read from, in the words of an API server, which
 * reads such objects into structs of Go. What has no published schema is passed over. Null fits everything.
 */
final class Decoding {
    private static final Pattern QUANTITY = Pattern.compile("([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)");
    private static final String BAD_QUANTITY =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private Decoding() {}

    /** @return what is wrong, empty if nothing is */
    static String mismatch(JsonNode schema, JsonNode object) {
        return fields(schema, object, "", "");
    }

    private static String fields(JsonNode schema, JsonNode value, String struct, String path) {
        String inner = schema.path(PublishedSchemas.DEFINITION).asString("");
        JsonNode additional = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode nested = schema.path("properties").path(field.getKey());
            String wrong = "";
            if (!nested.isMissingNode()) {
                String name = inner.isEmpty() ? struct : inner.substring(inner.lastIndexOf('.') + 1);
                wrong = value(nested, field.getValue(), name, Paths.field(path, field.getKey()));
            } else if (additional.isObject()) {
                wrong = value(additional, field.getValue(), struct, path);
            }
            if (!wrong.isEmpty()) {
                return wrong;
            }
        }
        return "";
    }

    private static String value(JsonNode schema, JsonNode value, String struct, String path) {
        String wrong = value.isNull() ? "" : mismatch(schema, value, struct, path);
        if (!wrong.isEmpty() || value.isNull()) {
            return wrong;
        }
        if (value instanceof ArrayNode array) {
            for (JsonNode item : array) {
                wrong = value(schema.path("items"), item, struct, path);
                if (!wrong.isEmpty()) {
                    return wrong;
                }
            }
        }
        return value instanceof ObjectNode ? fields(schema, value, struct, path) : "";
    }

    private static String mismatch(JsonNode schema, JsonNode value, String struct, String path) {
        String format = schema.path("format").asString("");
        boolean fits = switch (schema.path("type").asString("")) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "boolean" -> value.isBoolean();
            case "integer" -> isWhole(value, format);
            case "number" -> value.isNumber();
            case "string" -> value.isString();
            default -> !value.isContainer() && !value.isBoolean(); // A number or a text.
        };
        boolean published = !struct.isEmpty();
        if (!published || schema.isEmpty()) {
            return "";
        }
        if (!fits) {
            return "json: cannot unmarshal " + kind(value, schema) + " into Go struct field " + struct + "." + path
                    + " of type " + type(schema);
        }
        return value.isString() ? text(schema, format, value.asString()) : "";
    }

    private static boolean isWhole(JsonNode value, String format) {
        return value.isIntegralNumber()
                && (format.equals("int32") ? value.canConvertToInt() : value.canConvertToLong());
    }

    private static String text(JsonNode schema, String format, String text) {
        return switch (format) {
            case "byte" -> base64(text);
            case "date-time" -> time(text);
            default -> {
                boolean quantity = schema.has("oneOf") && format.isEmpty();
                yield quantity && !QUANTITY.matches(text) ? BAD_QUANTITY : "";
            }
        };
    }

    private static String base64(String text) {
        try {
            // Line ends are let be, as Go does.
            Base64.getDecoder().decode(text.replace("\r", "").replace("\n", ""));
            return "";
        } catch (IllegalArgumentException e) {
            return "illegal base64 data at input byte " + firstBad(text);
        }
    }

    private static int firstBad(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c < 128 && Character.isLetterOrDigit(c);
            if (!letter && c != '+' && c != '/' && c != '\r' && c != '\n') {
                return i;
            }
        }
        return text.length();
    }

    private static String time(String text) {
        try {
            OffsetDateTime.parse(text);
            return "";
        } catch (DateTimeException e) {
            return "parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"" + text
                    + "\" as \"2006\"";
        }
    }

    private static String kind(JsonNode value, JsonNode schema) {
        if (value.isNumber()) {
            boolean whole = schema.path("type").asString("").equals("integer");
            return whole ? "number " + value : "number";
        }
        return value.isBoolean() ? "bool" : value.isString() ? "string" : value.isArray() ? "array" : "object";
    }

    /** As Go names it. */
    private static String type(JsonNode schema) {
        String own = schema.path(PublishedSchemas.GO_TYPE).asString("");
        if (!own.isEmpty()) {
            return own;
        }
        String format = schema.path("format").asString("");
        String definition = schema.path(PublishedSchemas.DEFINITION).asString("");
        return switch (schema.path("type").asString("")) {
            case "array" -> "[]" + type(schema.path("items"));
            case "boolean" -> "bool";
            case "integer" -> format;
            case "string" -> format.equals("byte") ? "[]uint8" : "string";
            case "object" ->
                definition.isEmpty()
                        ? "map[string]" + type(schema.path("additionalProperties"))
                        : "v1" + definition.substring(definition.lastIndexOf('.'));
            default -> format.equals("int-or-string") ? "int32" : "string";
        };
    }
}
