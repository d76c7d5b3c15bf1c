package dev.exeat.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A file of lines that are with the kernel when {@link #append} returns, and so outlive the process; set aside by size,
 * and the oldest deleted. Its owner alone can read it. Thread-safe; blocks.
 */
public final class AppendedFile implements AutoCloseable {
    private final FileSink sink;

    private AppendedFile(FileSink sink) {
        this.sink = sink;
    }

    /**
     * Makes the file where it is not there.
     *
     * @param octets after which it is set aside
     * @param files how many set aside are kept
     * @throws IOException if it cannot be written
     */
    public static AppendedFile open(Path path, long octets, int files, InstantSource clock) throws IOException {
        FileSink sink = new FileSink(
                path,
                new Rotation(octets, Duration.ZERO, files),
                clock,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        sink.prepare();
        return new AppendedFile(sink);
    }

    /**
     * Appends whole lines.
     *
     * @throws IOException if they cannot be written; then nothing of them is there
     */
    public synchronized void append(byte[] lines) throws IOException {
        sink.write(lines, lines.length);
    }

    @Override
    public synchronized void close() throws IOException {
        sink.close();
    }
}
