package dev.exeat.control.kube.fields;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Elements of paths: {@code f:name} is a field, {@code k:{"port":443}} an item of a list by its keys, {@code v:"a"} a
 * value of a set (Kubernetes API, {@code FieldsV1}).
 */
final class Element {
    private static final String FIELD = "f:";
    private static final String KEYS = "k:";
    private static final String VALUE = "v:";

    private Element() {}

    static String field(String name) {
        return FIELD + name;
    }

    static String value(JsonNode value) {
        return VALUE + value;
    }

    /** @return null where the item lacks all keys */
    static @Nullable String keys(JsonNode names, JsonNode item) {
        TreeMap<String, JsonNode> keys = new TreeMap<>();
        for (JsonNode name : names) {
            JsonNode value = item.path(name.asString());
            if (!value.isMissingNode()) {
                keys.put(name.asString(), value);
            }
        }
        if (keys.isEmpty()) {
            return null;
        }
        ObjectNode object = JsonMapper.shared().createObjectNode();
        object.setAll(keys);
        return KEYS + object;
    }

    /** @return null if it is no element */
    static @Nullable String canonical(String text) {
        if (text.startsWith(FIELD)) {
            return text;
        }
        try {
            if (text.startsWith(VALUE)) {
                return value(JsonMapper.shared().readTree(text.substring(VALUE.length())));
            }
            if (text.startsWith(KEYS)
                    && JsonMapper.shared().readTree(text.substring(KEYS.length())) instanceof ObjectNode keys) {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                keys.properties().forEach(key -> sorted.put(key.getKey(), key.getValue()));
                ObjectNode object = JsonMapper.shared().createObjectNode();
                object.setAll(sorted);
                return KEYS + object;
            }
        } catch (JacksonException e) {
            return null;
        }
        return null;
    }

    static boolean isField(String element) {
        return element.startsWith(FIELD);
    }

    static String name(String field) {
        return field.substring(FIELD.length());
    }

    /** As conflicts name it: {@code .spec.ports[port=443].name}. */
    static String text(List<String> path) {
        StringBuilder text = new StringBuilder();
        for (String element : path) {
            if (isField(element)) {
                text.append('.').append(name(element));
            } else if (element.startsWith(VALUE)) {
                text.append("[=")
                        .append(element, VALUE.length(), element.length())
                        .append(']');
            } else {
                StringBuilder keys = new StringBuilder();
                JsonMapper.shared()
                        .readTree(element.substring(KEYS.length()))
                        .properties()
                        .forEach(key -> keys.append(keys.isEmpty() ? "" : ",")
                                .append(key.getKey())
                                .append('=')
                                .append(key.getValue()));
                text.append('[').append(keys).append(']');
            }
        }
        return text.toString();
    }
}
