package dev.exeat.cli.up;

import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.cli.settings.HistorySettings;
import dev.exeat.cli.settings.RecordSettings;
import dev.exeat.flow.LogStreams;
import dev.exeat.flow.Metrics;
import dev.exeat.flow.RecentRecords;
import dev.exeat.flow.SinkCounts;
import dev.exeat.flow.log.ConnectionLogs;
import dev.exeat.flow.log.DatagramSender;
import dev.exeat.flow.otlp.MetricsExport;
import dev.exeat.flow.otlp.OtlpOptions;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowWriter;
import dev.exeat.identity.SvidSource;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.net.UnixDatagrams;
import dev.exeat.proxy.FlowSink;
import dev.exeat.proxy.NearestMisses;
import dev.exeat.proxy.TraceSink;
import dev.exeat.proxy.dns.Resolution;
import dev.exeat.proxy.dns.ResolverObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Everything through which a gateway is seen: metrics, records, and the lines of users' own log rules. */
final class Observation implements AutoCloseable {
    private final Metrics metrics;
    private final LogStreams streams;
    private final ConnectionLogs logs;
    private final SvidKeys keys;
    private final @Nullable FlowStore flows;
    private final @Nullable FlowWriter history;
    private final RecentRecords recent = new RecentRecords();
    private final NearestMisses misses = new NearestMisses();
    private final FlowSink sink;
    private @Nullable MetricsExport export;

    private Observation(
            Metrics metrics,
            LogStreams streams,
            ConnectionLogs logs,
            SvidKeys keys,
            @Nullable FlowStore flows,
            @Nullable FlowWriter history) {
        this.metrics = metrics;
        this.streams = streams;
        this.logs = logs;
        this.keys = keys;
        this.flows = flows;
        this.history = history;
        this.sink = new FlowSink(metrics, logs, history, recent, misses);
        metrics.showWriters(this::writers);
        metrics.showSkippedMisses(misses::skipped);
    }

    static Observation open(String version, DataPlaneSettings plane, Path dataDir, InstantSource clock) {
        RecordSettings settings = plane.records();
        HistorySettings history = settings.history();
        FlowStore flows = history == null ? null : history.store(dataDir);
        SvidKeys keys = new SvidKeys(clock);
        Observation observation = new Observation(
                new Metrics(version, plane.metrics().series(), System::nanoTime),
                new LogStreams(clock),
                ConnectionLogs.open(
                        settings.logs(),
                        GatewayAccount.origin(version, plane),
                        new ConnectionLogs.World(clock, Observation::syslogSocket, keys)),
                keys,
                flows,
                flows == null || history == null ? null : new FlowWriter(flows.table(), history.retention(), clock));
        OtlpOptions otlp = plane.metrics().otlp();
        if (otlp != null) {
            String name = SelfReport.of(plane, dataDir, version, clock).name();
            observation.export =
                    MetricsExport.start(observation.metrics, otlp, new MetricsExport.Origin(version, name), clock);
        }
        return observation;
    }

    private static DatagramSender.Opener syslogSocket(Path path) {
        return () -> {
            UnixDatagrams socket = UnixDatagrams.connect(path);
            return new DatagramSender() {
                @Override
                public void send(byte[] bytes, int offset, int length) throws IOException {
                    socket.send(bytes, offset, length);
                }

                @Override
                public void close() {
                    socket.close();
                }
            };
        };
    }

    private Collection<SinkCounts> writers() {
        List<SinkCounts> all = new ArrayList<>(streams.writers());
        if (history != null) {
            all.add(history);
        }
        all.addAll(logs.writers());
        return all;
    }

    /** Lets sealed logs be signed by the gateway's own SVID. */
    void signBy(SvidSource source) {
        keys.from(source);
    }

    Metrics metrics() {
        return metrics;
    }

    LogStreams streams() {
        return streams;
    }

    RecentRecords recent() {
        return recent;
    }

    /** The history; null for none. */
    @Nullable
    FlowStore flows() {
        return flows;
    }

    /** What the history has of a connection; null if that is nothing, or there is none. */
    @Nullable
    Flow recorded(String id) {
        if (flows == null) {
            return null;
        }
        try (FlowHistory reading = flows.history()) {
            return reading.find(id);
        }
    }

    TraceSink sink() {
        return sink;
    }

    /** Counts what the resolver did. */
    ResolverObserver resolverObserver() {
        return new ResolverObserver() {
            @Override
            public void resolved(ServerName name, Resolution resolution, Source source, Duration took) {
                String result = switch (resolution) {
                    case Resolution.Resolved _ -> source.name().toLowerCase(Locale.ROOT);
                    case Resolution.Failed(Reason reason, String _) -> reason.code();
                };
                metrics.resolved(result, took.toNanos());
            }

            @Override
            public void ignored(ServerName name, String why) {
                metrics.resolved("ignored", 0);
            }
        };
    }

    /** Opens log files anew. */
    void reopen() {
        streams.reopen();
        logs.reopen();
    }

    @Override
    public void close() {
        streams.close();
        misses.close();
        logs.close();
        if (history != null) {
            history.close();
        }
        // Last, so that it tells of all lines, and that a collector which is away holds up none.
        if (export != null) {
            export.close();
        }
    }
}
