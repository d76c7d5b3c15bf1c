package dev.exeat.control.kube;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes objects as patches say: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902). */
final class Patches {
    private static final int MOST_OPERATIONS = 10_000;
    private static final int MOST_DEPTH = 100;
    /** Else each copy of a copy would double the object. */
    private static final int MOST_COPIED = 100_000;

    private Patches() {}

    /** A new object: the target as the merge patch changes it. */
    static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        ObjectNode merged = target.deepCopy();
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                merged.remove(field.getKey());
            } else if (value instanceof ObjectNode nested) {
                JsonNode before = merged.get(field.getKey());
                ObjectNode inner = before instanceof ObjectNode object
                        ? object
                        : JsonMapper.shared().createObjectNode();
                merged.set(field.getKey(), merge(inner, nested));
            } else {
                merged.set(field.getKey(), value);
            }
        }
        return merged;
    }

    /**
     * A new object: the target after all operations.
     *
     * @throws KubeException if one of them cannot be done, or a test fails
     */
    static ObjectNode apply(ObjectNode target, JsonNode operations) {
        if (!(operations instanceof ArrayNode list)) {
            throw KubeException.badRequest(
                    "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
        }
        if (list.size() > MOST_OPERATIONS) {
            throw KubeException.tooLarge(MOST_OPERATIONS);
        }
        ObjectNode patched = target.deepCopy();
        int copied = 0;
        for (JsonNode operation : list) {
            try {
                JsonPointer path = pointer(operation, "path");
                switch (operation.path("op").asString("")) {
                    case "add" -> add(patched, path, value(operation));
                    case "remove" -> remove(patched, path);
                    case "replace" -> {
                        remove(patched, path);
                        add(patched, path, value(operation));
                    }
                    case "move" -> {
                        JsonPointer from = pointer(operation, "from");
                        JsonNode moved = existing(patched, from);
                        remove(patched, from);
                        add(patched, path, moved);
                    }
                    case "copy" -> {
                        JsonNode source = existing(patched, pointer(operation, "from"));
                        copied += size(source, MOST_COPIED - copied);
                        add(patched, path, source.deepCopy());
                    }
                    case "test" -> {
                        if (!existing(patched, path).equals(value(operation))) {
                            throw refused();
                        }
                    }
                    default -> throw refused();
                }
            } catch (IllegalArgumentException | JacksonException e) {
                throw refused();
            }
        }
        return patched;
    }

    private static KubeException refused() {
        return KubeException.invalidRequest();
    }

    /** How many values there are in one, itself among them. */
    private static int size(JsonNode value, int most) {
        Deque<JsonNode> level = new ArrayDeque<>(List.of(value));
        int size = 0;
        for (int depth = 0; !level.isEmpty(); depth++) {
            size += level.size();
            if (size > most || depth > MOST_DEPTH) {
                throw refused();
            }
            for (int left = level.size(); left > 0; left--) {
                level.removeFirst().forEach(level::addLast);
            }
        }
        return size;
    }

    private static JsonPointer pointer(JsonNode operation, String name) {
        String text = operation.path(name).asString("");
        if (text.chars().filter(c -> c == '/').count() > MOST_DEPTH) {
            throw refused();
        }
        JsonPointer pointer = JsonPointer.compile(text);
        if (pointer.matches()) {
            throw refused(); // The whole object cannot be moved, removed or made a list.
        }
        return pointer;
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw refused();
        }
        return value.deepCopy();
    }

    private static JsonNode existing(JsonNode root, JsonPointer path) {
        JsonNode found = root.at(path);
        if (found.isMissingNode()) {
            throw refused();
        }
        return found;
    }

    private static void add(ObjectNode root, JsonPointer path, JsonNode value) {
        String last = path.last().getMatchingProperty();
        switch (existing(root, path.head())) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.insert(last.equals("-") ? array.size() : index(last, array.size()), value);
            default -> throw refused();
        }
    }

    private static void remove(ObjectNode root, JsonPointer path) {
        existing(root, path);
        String last = path.last().getMatchingProperty();
        switch (existing(root, path.head())) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode array -> array.remove(index(last, array.size() - 1));
            default -> throw refused();
        }
    }

    private static int index(String text, int most) {
        int index = Integer.parseInt(text);
        if (index < 0 || index > most) {
            throw refused();
        }
        return index;
    }
}
