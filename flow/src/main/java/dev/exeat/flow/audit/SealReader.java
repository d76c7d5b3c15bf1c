package dev.exeat.flow.audit;

import dev.exeat.flow.RecordFormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the checkpoints of a segment. */
final class SealReader {
    /** With five certificates of a usual size a line has less than a tenth. */
    private static final int LONGEST = 128 * 1024;

    private SealReader() {}

    /** Takes a checkpoint, and the number of its line. */
    interface Taker {
        void take(Checkpoint.Signed signed, int line);
    }

    /**
     * Hands over each checkpoint in its order.
     *
     * @param problems told of lines that are none; a last line without its end is no problem, for a process that is killed
     *     leaves one
     */
    static void each(Path seal, Taker taker, Consumer<String> problems) throws IOException {
        if (!Files.exists(seal)) {
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(seal, StandardCharsets.ISO_8859_1)) {
            int number = 1;
            for (String line = next(reader); line != null; line = next(reader)) {
                try {
                    taker.take(Checkpoint.read(line), number);
                } catch (RecordFormatException e) {
                    problems.accept(
                            "line " + number + " of " + seal.getFileName() + " is no checkpoint: " + e.getMessage());
                }
                number++;
            }
        }
    }

    /** A whole line, or null at the end. */
    private static @Nullable String next(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (line.length() < LONGEST) {
                line.append((char) c);
            }
        }
        return null;
    }
}
