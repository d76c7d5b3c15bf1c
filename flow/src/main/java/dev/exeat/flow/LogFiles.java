package dev.exeat.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Makes the sinks of logs on this machine. */
public final class LogFiles {
    private LogFiles() {}

    /** Standard output, unbuffered; it is never closed. */
    public static LineSink standardOutput() {
        return StandardStream.output();
    }

    /**
     * A file that is appended to, made where it is not there.
     *
     * @throws RecordLogException if it can't be written
     */
    public static LineSink file(Path path, Rotation rotation, InstantSource clock) {
        FileSink sink = new FileSink(path, rotation, clock);
        try {
            sink.prepare();
            return sink;
        } catch (IOException e) {
            throw new RecordLogException(
                    "the record log " + path + " cannot be written ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); choose another file with --record-log or --log-profile",
                    e);
        }
    }
}
