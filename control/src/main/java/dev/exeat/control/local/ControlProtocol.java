package dev.exeat.control.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One question a connection: a line with a JSON object of texts, {@code command} among them; then lines of objects, and
 * at the end {@code {"end":true}} or {@code {"error":"…"}}, so that half an answer is not taken for a whole one.
 */
final class ControlProtocol {
    static final String COMMAND = "command";
    static final String END = "end";
    static final String ERROR = "error";
    static final int MAX_QUESTION = 256 * 1024;
    static final int MAX_OBJECT = 1024 * 1024;

    private ControlProtocol() {}

    /** Made by the first question, as it costs a start some ten milliseconds and megabytes, and most are never asked. */
    private static final class Mapper {
        static final JsonMapper JSON = JsonMapper.shared();
    }

    static JsonMapper json() {
        return Mapper.JSON;
    }

    static Path socket(Path dataDir) {
        return dataDir.resolve("control.sock");
    }

    /**
     * The next line, or null at the end.
     *
     * @throws IOException if it is longer than allowed or cut short
     */
    static @Nullable String line(InputStream in, int most) throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                if (length == 0) {
                    return null;
                }
                throw new IOException("a line was cut short");
            }
            if (length == most) {
                throw new IOException("a line is longer than " + most + " octets");
            }
            if (length == line.length) {
                line = java.util.Arrays.copyOf(line, Math.min(most, 2 * length));
            }
            line[length++] = (byte) octet;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }
}
