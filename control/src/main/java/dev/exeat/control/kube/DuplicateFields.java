package dev.exeat.control.kube;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Fields of JSON that are given twice: a parser keeps the last of them, and the author meant one of them. */
final class DuplicateFields {
    private static final int MOST = 100;

    private DuplicateFields() {}

    private static final class Level {
        private final String path;
        private final boolean array;
        private final Set<String> names = new HashSet<>();
        private String name = "";
        private int index = -1;

        Level(String path, boolean array) {
            this.path = path;
            this.array = array;
        }

        String current() {
            if (array) {
                return path + "[" + index + "]";
            }
            return path.isEmpty() ? name : path + "." + name;
        }
    }

    /** @return the paths, in the order of the text; empty if it is no JSON */
    static List<String> of(byte[] json) {
        List<String> duplicates = new ArrayList<>();
        Deque<Level> levels = new ArrayDeque<>();
        try (JsonParser parser = JsonMapper.shared().createParser(json)) {
            for (JsonToken token = parser.nextToken();
                    token != null && duplicates.size() < MOST;
                    token = parser.nextToken()) {
                Level level = levels.peek();
                if (token == JsonToken.PROPERTY_NAME && level != null) {
                    level.name = parser.currentName();
                    if (!level.names.add(level.name)) {
                        duplicates.add(level.current());
                    }
                    continue;
                }
                if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                    levels.pop();
                    continue;
                }
                if (level != null && level.array) {
                    level.index++;
                }
                if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                    levels.push(new Level(level == null ? "" : level.current(), token == JsonToken.START_ARRAY));
                }
            }
        } catch (JacksonException e) {
            return List.of(); // YAML, or protobuf, which have no such text.
        }
        return duplicates;
    }
}
