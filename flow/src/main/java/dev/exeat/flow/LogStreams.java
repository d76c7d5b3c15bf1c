package dev.exeat.flow;

import dev.exeat.model.LogEntry;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the lines of users' own {@code stdio} handlers to where each asks: one writer for each target, so that handlers
 * that name the same file share it, with the limits of rotation that came last. Thread-safe.
 */
public final class LogStreams implements AutoCloseable {
    // The loggers that Mixer used counted so.
    private static final long MEGABYTE = 1024 * 1024;

    private final MixerLineEncoder encoder = new MixerLineEncoder();
    private final ConcurrentMap<LogEntry.Stream, Route> routes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Output> outputs = new ConcurrentHashMap<>();
    private final List<Consumer<byte[]>> listeners = new CopyOnWriteArrayList<>();
    private final InstantSource clock;
    /** The last one asked for, which most lines ask for again. */
    private volatile @Nullable Known last;

    private record Known(LogEntry.Stream stream, Route route) {}

    /** What is open for a target. */
    private record Output(LineWriter writer, LineSink sink) {}

    /** Where the lines of a stream go, and how that is rotated. */
    private record Route(Output output, Rotation rotation) {}

    public LogStreams(InstantSource clock) {
        this.clock = clock;
    }

    /** Never blocks; a line that finds no room is dropped and counted. */
    public void write(LogEntry entry) {
        Route route = routeOf(entry.stream());
        if (route.output.sink instanceof FileSink file) {
            file.rotate(route.rotation);
        }
        byte[] line = encoder.encode(entry);
        route.output.writer.offer(line);
        if (!listeners.isEmpty() && isStandard(entry.stream())) {
            listeners.forEach(listener -> listener.accept(line));
        }
    }

    private static boolean isStandard(LogEntry.Stream stream) {
        return switch (stream.target()) {
            case STDOUT, STDERR -> true;
            case FILE, ROTATED_FILE -> false;
        };
    }

    /** Tells each line that goes to a standard stream, with its line feed; the listener must not block. */
    public void onStandardLine(Consumer<byte[]> listener) {
        listeners.add(listener);
    }

    @SuppressWarnings("ReferenceEquality") // The streams of a snapshot stay the same objects; a miss only costs time.
    private Route routeOf(LogEntry.Stream stream) {
        Known known = last;
        if (known == null || known.stream != stream) {
            known = new Known(stream, routes.computeIfAbsent(stream, this::route));
            last = known;
        }
        return known.route;
    }

    private Route route(LogEntry.Stream stream) {
        return switch (stream.target()) {
            case STDOUT -> new Route(output("stdout", StandardStream.output()), Rotation.NONE);
            case STDERR -> new Route(output("stderr", StandardStream.error()), Rotation.NONE);
            case FILE -> new Route(file(stream.path()), Rotation.NONE);
            case ROTATED_FILE -> {
                Rotation rotation = new Rotation(
                        stream.maxMegabytes() * MEGABYTE, Duration.ofDays(stream.maxDays()), stream.maxFiles());
                yield new Route(file(stream.path()), rotation);
            }
        };
    }

    private Output file(String name) {
        try {
            Path path = Path.of(name).toAbsolutePath().normalize();
            return output(path.toString(), new FileSink(path, Rotation.NONE, clock));
        } catch (InvalidPathException e) {
            return output("invalid", new InvalidSink(e));
        }
    }

    private Output output(String name, LineSink sink) {
        return outputs.computeIfAbsent(
                name, _ -> new Output(new LineWriter(name, sink, LineWriter.Bounds.USUAL), sink));
    }

    /** The writers, for metrics. */
    public Collection<LineWriter> writers() {
        return outputs.values().stream().map(Output::writer).toList();
    }

    /** Opens files anew, after somebody moved them away. */
    public void reopen() {
        writers().forEach(LineWriter::reopen);
    }

    /** Writes what was taken, for at most five seconds for each target that does not take it, and ends the writers. */
    @Override
    public void close() {
        Collection<LineWriter> all = writers();
        all.forEach(LineWriter::stopTaking);
        all.forEach(LineWriter::close);
    }

    /** For a path that is none: every line is dropped and counted, and the operator is told. */
    private record InvalidSink(InvalidPathException cause) implements LineSink {
        @Override
        public void write(byte[] lines, int length) throws IOException {
            throw new IOException("not a path: " + cause.getMessage(), cause);
        }

        @Override
        public void close() {}
    }
}
