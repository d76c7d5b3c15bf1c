package dev.exeat.it.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what was added to a gateway's record log since the last time. Ids are a part drawn for the process and a number
 * that counts up, so that a number left out is a record lost.
 */
final class RecordFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Map<String, BitSet> numbers = new HashMap<>();
    private long offset;
    private long repeated;

    RecordFile(Path file) {
        this.file = file;
    }

    /** Whole lines only. */
    List<JsonNode> take() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<JsonNode> records = new ArrayList<>();
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] fresh = new byte[(int) Math.max(0, in.length() - offset)];
            in.seek(offset);
            in.readFully(fresh);
            int begin = 0;
            for (int at = 0; at < fresh.length; at++) {
                if (fresh[at] == '\n') {
                    JsonNode record =
                            at > begin ? whole(new String(fresh, begin, at - begin, StandardCharsets.UTF_8)) : null;
                    if (record != null) {
                        records.add(note(record));
                    }
                    begin = at + 1;
                }
            }
            offset += begin;
        }
        return records;
    }

    /** Null for a line that a kill or a full disk cut short: its number is missing then, and judged as a gap. */
    private static @Nullable JsonNode whole(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            return null;
        }
    }

    private JsonNode note(JsonNode record) {
        String id = record.path("id").asString();
        int hyphen = id.lastIndexOf('-');
        BitSet seen = numbers.computeIfAbsent(id.substring(0, hyphen), prefix -> new BitSet());
        int number = Integer.parseInt(id.substring(hyphen + 1));
        if (seen.get(number)) {
            repeated++;
        }
        seen.set(number);
        return record;
    }

    /** Numbers left out below the highest, of all processes so far. */
    long gaps() {
        return numbers.values().stream()
                .mapToLong(seen -> seen.length() - 1L - seen.cardinality())
                .sum();
    }

    /** Ids that stood in more than one record, since the last time. */
    long takeRepeated() {
        long taken = repeated;
        repeated = 0;
        return taken;
    }
}
