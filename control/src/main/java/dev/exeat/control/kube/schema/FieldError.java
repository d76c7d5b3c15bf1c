package dev.exeat.control.kube.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One thing that is wrong with an object, in the words of Kubernetes.
 *
 * @param reason as {@code details.causes} of a {@code Status} has it
 * @param field the path of the field, empty for the object as a whole
 */
public record FieldError(String reason, String field, String message) {
    private static final String INVALID = "FieldValueInvalid";

    /** @param value as JSON shows it; an empty node for none */
    static FieldError invalid(String field, JsonNode value, String message) {
        return new FieldError(INVALID, field, "Invalid value: " + value + ": " + message);
    }

    static FieldError invalid(String field, String value, String message) {
        return invalid(field, JsonNodeFactory.instance.stringNode(value), message);
    }

    static FieldError required(String field, String message) {
        return new FieldError(
                "FieldValueRequired", field, "Required value" + (message.isEmpty() ? "" : ": " + message));
    }

    /** @param actual the type that the value has */
    static FieldError type(String field, String expected, String actual) {
        return new FieldError(
                "FieldValueTypeInvalid",
                field,
                "Invalid value: \"" + actual + "\": " + body(field) + " must be of type " + expected + ": \"" + actual
                        + "\"");
    }

    static FieldError unsupported(String field, JsonNode value, Iterable<? extends JsonNode> supported) {
        StringBuilder all = new StringBuilder();
        supported.forEach(node -> all.append(all.isEmpty() ? "" : ", ").append(node));
        return new FieldError(
                "FieldValueNotSupported", field, "Unsupported value: " + value + ": supported values: " + all);
    }

    static FieldError tooLong(String field, int most) {
        return new FieldError("FieldValueTooLong", field, "Too long: may not be more than " + most + " bytes");
    }

    static FieldError duplicate(String field, JsonNode value) {
        return new FieldError("FieldValueDuplicate", field, "Duplicate value: " + value);
    }

    static FieldError notFound(String field, JsonNode value) {
        return new FieldError("FieldValueNotFound", field, "Not found: " + value);
    }

    static JsonNode text(String value) {
        return JsonNodeFactory.instance.stringNode(value);
    }

    static String body(String field) {
        return field + " in body";
    }
}
