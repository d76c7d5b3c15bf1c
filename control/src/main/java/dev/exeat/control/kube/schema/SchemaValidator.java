package dev.exeat.control.kube.schema;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds everything that a structural schema forbids (Kubernetes documentation, "Specifying a structural schema"), in the
 * words of an API server. What is null counts as absent. Thread-safe.
 */
final class SchemaValidator {
    private static final int MOST_ERRORS = 100;

    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    /** At most {@value #MOST_ERRORS} errors. */
    List<FieldError> validate(JsonNode schema, JsonNode value, String path) {
        List<FieldError> errors = new ArrayList<>();
        check(schema, value, path, errors);
        duplicates(schema, value, path, errors);
        return errors.size() > MOST_ERRORS ? List.copyOf(errors.subList(0, MOST_ERRORS)) : errors;
    }

    private void check(JsonNode schema, JsonNode value, String path, List<FieldError> errors) {
        if (value.isNull() || errors.size() >= MOST_ERRORS) {
            return;
        }
        String type = schema.path("type").asString("");
        JsonNode values = schema.path("enum");
        if (values.isArray() && values.valueStream().noneMatch(value::equals)) {
            errors.add(FieldError.unsupported(path, value, values));
        }
        if (!type.isEmpty() && !isOf(type, value)) {
            errors.add(FieldError.type(path, type, typeOf(value)));
            return;
        }
        switch (value) {
            case ObjectNode object -> object(schema, object, path, errors);
            case ArrayNode array -> array(schema, array, path, errors);
            default -> {
                if (value.isNumber()) {
                    number(schema, value, path, errors);
                } else if (value.isString()) {
                    text(schema, value, path, errors);
                }
            }
        }
    }

    private void object(JsonNode schema, ObjectNode object, String path, List<FieldError> errors) {
        for (JsonNode required : schema.path("required")) {
            JsonNode given = object.path(required.asString());
            if (given.isMissingNode() || given.isNull()) {
                errors.add(FieldError.required(Paths.field(path, required.asString()), ""));
            }
        }
        JsonNode properties = schema.path("properties");
        JsonNode additional = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode nested = properties.path(field.getKey());
            JsonNode rule = nested.isMissingNode() ? additional : nested;
            if (rule.isObject()) {
                check(rule, field.getValue(), Paths.field(path, field.getKey()), errors);
            }
        }
    }

    private void array(JsonNode schema, ArrayNode array, String path, List<FieldError> errors) {
        int least = schema.path("minItems").asInt(0);
        if (array.size() < least) {
            errors.add(FieldError.invalid(
                    path,
                    JsonNodeFactory.instance.numberNode(array.size()),
                    FieldError.body(path) + " should have at least " + least + " items"));
        }
        for (int i = 0; i < array.size(); i++) {
            if (schema.path("items").isObject()) {
                check(schema.path("items"), array.get(i), Paths.item(path, i), errors);
            }
        }
    }

    private static void number(JsonNode schema, JsonNode value, String path, List<FieldError> errors) {
        BigDecimal number = value.decimalValue();
        JsonNode least = schema.path("minimum");
        JsonNode most = schema.path("maximum");
        if (least.isNumber() && number.compareTo(least.decimalValue()) < 0) {
            errors.add(FieldError.invalid(
                    path, value, FieldError.body(path) + " should be greater than or equal to " + least));
        }
        if (most.isNumber() && number.compareTo(most.decimalValue()) > 0) {
            errors.add(FieldError.invalid(
                    path, value, FieldError.body(path) + " should be less than or equal to " + most));
        }
    }

    private void text(JsonNode schema, JsonNode value, String path, List<FieldError> errors) {
        String text = value.asString();
        int length = text.codePointCount(0, text.length());
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        int least = schema.path("minLength").asInt(0);
        if (length > most) {
            errors.add(FieldError.tooLong(path, most));
        }
        if (length < least) {
            errors.add(FieldError.invalid(
                    path, value, FieldError.body(path) + " should be at least " + least + " chars long"));
        }
        String pattern = schema.path("pattern").asString("");
        if (!pattern.isEmpty()
                && !patterns.computeIfAbsent(pattern, Pattern::compile)
                        .matcher(text)
                        .find()) {
            errors.add(FieldError.invalid(path, value, FieldError.body(path) + " should match '" + pattern + "'"));
        }
        if (schema.path("format").asString("").equals("date-time") && !isTime(text)) {
            errors.add(new FieldError(
                    "FieldValueInvalid",
                    path,
                    "Invalid value: " + value + ": " + FieldError.body(path) + " must be of type date-time: " + value));
        }
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Of lists that are sets, or maps by keys; in the order of an API server, after all else. */
    private void duplicates(JsonNode schema, JsonNode value, String path, List<FieldError> errors) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode nested = schema.path("properties").path(field.getKey());
                duplicates(
                        nested.isMissingNode() ? schema.path("additionalProperties") : nested,
                        field.getValue(),
                        Paths.field(path, field.getKey()),
                        errors);
            }
        } else if (value instanceof ArrayNode array) {
            String kind = schema.path("x-kubernetes-list-type").asString("atomic");
            Set<JsonNode> seen = new HashSet<>();
            for (int i = 0; i < array.size(); i++) {
                JsonNode item = array.get(i);
                JsonNode key = kind.equals("map") ? keys(schema, item) : item;
                if (!kind.equals("atomic") && !seen.add(key)) {
                    errors.add(FieldError.duplicate(Paths.item(path, i), key));
                }
                duplicates(schema.path("items"), item, Paths.item(path, i), errors);
            }
        }
    }

    private static JsonNode keys(JsonNode schema, JsonNode item) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        for (JsonNode key : schema.path("x-kubernetes-list-map-keys")) {
            keys.set(key.asString(), item.path(key.asString()));
        }
        return keys;
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" ->
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private static String typeOf(JsonNode value) {
        return switch (value) {
            case ObjectNode _ -> "object";
            case ArrayNode _ -> "array";
            default ->
                value.isString()
                        ? "string"
                        : value.isBoolean() ? "boolean" : isOf("integer", value) ? "integer" : "number";
        };
    }
}
