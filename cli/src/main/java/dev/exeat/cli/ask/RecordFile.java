package dev.exeat.cli.ask;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.RecordReader;
import dev.exeat.flow.RecordedConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of records. */
final class RecordFile {
    private final Path path;

    RecordFile(Path path) {
        this.path = path;
    }

    /** A record as it stands in the file, and what it says. */
    record Found(String line, RecordedConnection connection) {}

    /** The last record of that id, as a process that starts anew may count from the beginning. */
    Found find(String id) {
        String key = "\"id\":\"" + id + "\"";
        String last = null;
        // Records are ASCII; of another line, as of a torn one, every octet is a character, so that it is passed over.
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.contains(key) ? line : last;
            }
            if (last == null) {
                throw new CommandFailure(ExitCode.UNKNOWN, "there is no record of " + id + " in " + path);
            }
            return new Found(last, new RecordReader().read(last));
        } catch (RecordFormatException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN, "the record of " + id + " in " + path + " is broken: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    Files.exists(path) ? "cannot read " + path + ": " + e.getMessage() : "there is no file " + path);
        }
    }
}
