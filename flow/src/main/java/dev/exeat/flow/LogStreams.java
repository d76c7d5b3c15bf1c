package dev.exeat.flow;

import dev.exeat.model.LogEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Writes the lines of users' own {@code stdio} handlers to where each asks, one writer for each target. Thread-safe. */
public final class LogStreams implements AutoCloseable {
    private static final int CAPACITY = 16 * 1024;
    private static final long MEGABYTE = 1_000_000;

    private final MixerLineEncoder encoder = new MixerLineEncoder();
    private final ConcurrentMap<String, LineWriter> writers = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public LogStreams(InstantSource clock) {
        this.clock = clock;
    }

    /** Never blocks; a line that finds no room is dropped and counted. */
    public void write(LogEntry entry) {
        LogEntry.Stream stream = entry.stream();
        String target = stream.path().isEmpty() ? stream.target().name() : stream.target() + " " + stream.path();
        LineWriter writer = writers.get(target);
        if (writer == null) {
            writer = writers.computeIfAbsent(target, _ -> open(stream));
        }
        writer.offer(encoder.encode(entry));
    }

    private LineWriter open(LogEntry.Stream stream) {
        return switch (stream.target()) {
            case STDOUT -> new LineWriter("stdout", StandardStream.output(), CAPACITY);
            case STDERR -> new LineWriter("stderr", StandardStream.error(), CAPACITY);
            case FILE ->
                new LineWriter(
                        stream.path(), new FileSink(Path.of(stream.path()), FileSink.Rotation.NONE, clock), CAPACITY);
            case ROTATED_FILE -> {
                FileSink.Rotation rotation = new FileSink.Rotation(
                        stream.maxMegabytes() * MEGABYTE, Duration.ofDays(stream.maxDays()), stream.maxFiles());
                yield new LineWriter(stream.path(), new FileSink(Path.of(stream.path()), rotation, clock), CAPACITY);
            }
        };
    }

    /** The writers, for metrics. */
    public Collection<LineWriter> writers() {
        return writers.values();
    }

    /** Opens files anew, after somebody moved them away. */
    public void reopen() {
        writers.values().forEach(LineWriter::reopen);
    }

    @Override
    public void close() {
        writers.values().forEach(LineWriter::close);
    }
}
