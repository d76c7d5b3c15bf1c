package dev.exeat.flow.audit;

import dev.exeat.flow.RecordFormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the checkpoints of a segment one by one. Not thread-safe. */
final class SealReader implements AutoCloseable {
    /** With five certificates of a usual size a line has less than a tenth. */
    private static final int LONGEST = 128 * 1024;

    private final Path path;
    private final BufferedReader reader;
    private long line;
    private long unreadable;
    private String problem = "";

    private SealReader(Path path, BufferedReader reader) {
        this.path = path;
        this.reader = reader;
    }

    /** @param seal one that is not there has no checkpoints */
    static SealReader open(Path seal) throws IOException {
        return new SealReader(
                seal,
                Files.exists(seal)
                        ? Files.newBufferedReader(seal, StandardCharsets.ISO_8859_1)
                        : new BufferedReader(Reader.nullReader()));
    }

    /**
     * The next line that is a checkpoint, or null at the end. A last line without its end is none, and no {@link #problem}, for
     * a process that is killed leaves one.
     */
    Checkpoint.@Nullable Signed next() throws IOException {
        for (String text = whole(); text != null; text = whole()) {
            line++;
            try {
                return Checkpoint.read(text);
            } catch (RecordFormatException e) {
                unreadable++;
                if (problem.isEmpty()) {
                    problem = "line " + line + " of " + path.getFileName() + " is no checkpoint: " + e.getMessage();
                }
            }
        }
        return null;
    }

    /** What is wrong with lines that are no checkpoints; empty if there is none so far. */
    String problem() {
        return unreadable < 2 ? problem : problem + ", and so are " + (unreadable - 1) + " more";
    }

    /** A whole line, or null at the end. */
    private @Nullable String whole() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n') {
                return text.toString();
            }
            if (text.length() < LONGEST) {
                text.append((char) c);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
