package dev.exeat.flow.log;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.LineSink;
import dev.exeat.flow.LineWriter;
import dev.exeat.flow.LogFiles;
import dev.exeat.flow.RecordLogException;
import dev.exeat.flow.Rotation;
import dev.exeat.flow.audit.SealedSegments;
import dev.exeat.flow.audit.SigningKey;
import dev.exeat.flow.profile.LogOrigin;
import dev.exeat.flow.profile.LogProfile;
import dev.exeat.flow.profile.OtelEnvelope;
import dev.exeat.flow.profile.OtelProfile;
import dev.exeat.flow.profile.ProfileEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All logs of connections of a gateway. Thread-safe; writing never blocks. */
public final class ConnectionLogs implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int LINES = 64 * 1024;
    /** Of a sealed log, unless its size is limited otherwise. */
    private static final long SEGMENT = 64L << 20;

    private static final LineWriter.Pace REQUESTS = new LineWriter.Pace(512 * 1024, Duration.ofMillis(200));

    private final List<ConnectionLog> logs;
    private final boolean hasOpens;

    private ConnectionLogs(List<ConnectionLog> logs) {
        this.logs = List.copyOf(logs);
        this.hasOpens = logs.stream().anyMatch(ConnectionLog::hasOpens);
    }

    /**
     * What the logs need of the world.
     *
     * @param sockets opens the socket of a local syslog daemon
     * @param keys of the gateway, for sealed logs
     */
    public record World(InstantSource clock, Function<Path, DatagramSender.Opener> sockets, SigningKey.Source keys) {}

    /**
     * Begins the logs.
     *
     * @throws dev.exeat.flow.RecordLogException if a file can't be written; later trouble, and all trouble of other sinks, is
     *     told by the program's log and counted
     */
    public static ConnectionLogs open(LogOptions options, LogOrigin origin, World world) {
        List<ConnectionLog> opened = new ArrayList<>();
        try {
            for (LogChoice choice : options.logs()) {
                opened.add(open(choice, options, origin, world));
            }
            return new ConnectionLogs(opened);
        } catch (RuntimeException e) {
            opened.forEach(log -> log.writer().close());
            throw e;
        }
    }

    private static ConnectionLog open(LogChoice choice, LogOptions options, LogOrigin origin, World world) {
        LogProfile profile = choice.profile();
        ProfileEncoder encoder = switch (choice.target()) {
            case LogTarget.StandardOutput _, LogTarget.File _, LogTarget.Sealed _ -> profile.encoder(origin);
            case LogTarget.SyslogSocket _, LogTarget.SyslogUdp _, LogTarget.SyslogTcp _ ->
                new SyslogProfile(profile, origin);
            // The sink puts the envelope around many at once.
            case LogTarget.Collector _ -> new OtelProfile();
        };
        LineSink sink = switch (choice.target()) {
            case LogTarget.StandardOutput _ -> LogFiles.standardOutput();
            case LogTarget.File(Path path) -> LogFiles.file(path, options.rotation(), world.clock());
            case LogTarget.Sealed(Path directory) -> sealed(directory, options.rotation(), world);
            case LogTarget.SyslogSocket(Path path) ->
                new SyslogDatagrams(world.sockets().apply(path));
            case LogTarget.SyslogUdp(String host, int port) -> SyslogDatagrams.udp(host, port);
            case LogTarget.SyslogTcp(String host, int port) -> new SyslogStream(host, port);
            case LogTarget.Collector(var logs) ->
                new CollectorSink(logs, new OtelEnvelope(origin), options.onFull(), CollectorSink.LIMIT);
        };
        return new ConnectionLog(
                encoder, new LineWriter(choice.name(), sink, bounds(choice.target(), options)), options.onFull());
    }

    private static LineSink sealed(Path directory, Rotation rotation, World world) {
        long octets = rotation.octets() == 0 ? SEGMENT : rotation.octets();
        SealedSegments segments = new SealedSegments(
                directory, new SealedSegments.Limits(octets, rotation.age()), world.keys(), world.clock());
        try {
            segments.prepare();
            return segments;
        } catch (IOException e) {
            throw new RecordLogException(
                    "the directory " + directory + " cannot be written ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); choose another with --log-profile",
                    e);
        }
    }

    private static LineWriter.Bounds bounds(LogTarget target, LogOptions options) {
        boolean local = target instanceof LogTarget.StandardOutput
                || target instanceof LogTarget.File
                || target instanceof LogTarget.Sealed;
        boolean block = options.onFull() == OnLogFull.BLOCK;
        return new LineWriter.Bounds(
                block ? 0 : LINES,
                options.queue(),
                CLOSE,
                target instanceof LogTarget.Collector ? REQUESTS : LineWriter.Pace.USUAL,
                block || !local);
    }

    /** Whether any log has lines of a connection's beginning. */
    public boolean hasOpens() {
        return hasOpens;
    }

    /** A line that finds no room is dropped and counted. */
    public void write(ConnectionRecord record) {
        for (ConnectionLog log : logs) {
            log.write(record);
        }
    }

    /** Whether another connection may be carried; always, unless the logs are to block. */
    public boolean hasRoom() {
        for (ConnectionLog log : logs) {
            if (!log.hasRoom()) {
                return false;
            }
        }
        return true;
    }

    /** Opens files and connections anew, after somebody moved a file away. */
    public void reopen() {
        writers().forEach(LineWriter::reopen);
    }

    /** The writers, for metrics. */
    public List<LineWriter> writers() {
        return logs.stream().map(ConnectionLog::writer).toList();
    }

    /** Writes what was taken, for at most five seconds for each that does not take it, and ends the writers. */
    @Override
    public void close() {
        List<LineWriter> all = writers();
        all.forEach(LineWriter::stopTaking);
        all.forEach(LineWriter::close);
    }
}
