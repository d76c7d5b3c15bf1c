package dev.exeat.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of a manifest that remembers where it stands, so that every error can name its line. */
public sealed interface Node {
    Place place();

    /** A mapping in the order of the file; its keys are unique. */
    record Mapping(Map<String, Node> fields, Map<String, Place> keyPlaces, Place place) implements Node {
        public @Nullable Node get(String key) {
            return fields.get(key);
        }

        /** Where the key stands, or the mapping itself where it has no such key. */
        public Place placeOf(String key) {
            return keyPlaces.getOrDefault(key, place);
        }
    }

    record Sequence(List<Node> items, Place place) implements Node {}

    /**
     * @param text the value as written, without quotes
     * @param type what the value is by the JSON-compatible core schema; a quoted value is always text
     */
    record Scalar(String text, ScalarType type, Place place) implements Node {}

    enum ScalarType {
        TEXT,
        INTEGER,
        DECIMAL,
        BOOLEAN,
        NULL
    }
}
