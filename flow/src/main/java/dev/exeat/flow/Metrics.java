package dev.exeat.flow;

import dev.exeat.model.Limit;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Prometheus is told. The number of series is bounded: by the code, and of those with names from the network in their
 * labels by {@link SeriesOptions}. Thread-safe.
 */
public final class Metrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Instruments instruments = new Instruments(registry);
    private final ConnectionCounters connections;
    private final LimitMetrics limits;
    private final Breakdown breakdown;
    private final Map<ListenerKind, IntSupplier> active = new ConcurrentHashMap<>();
    private final CounterDataPoint received;
    private final CounterDataPoint sent;
    private final ResultCounter handshakes;
    private final ResultCounter dns;
    private final ResultCounter responses;
    private final ResultCounter abuses;
    private final ResultCounter exports;
    private final CounterDataPoint dialsConnected;
    private final CounterDataPoint dialsFailed;
    private final Counter reloads;
    private final Distributions distributions;
    private final Info policy;
    private volatile long inForceSince;
    private final Gauge problems;

    /** Without names from the network. */
    public Metrics(String version) {
        this(version, SeriesOptions.NONE, System::nanoTime);
    }

    /** @param nanos a clock as {@link System#nanoTime} */
    public Metrics(String version, SeriesOptions options, LongSupplier nanos) {
        breakdown = new Breakdown(registry, options, nanos);
        connections = new ConnectionCounters(instruments);
        limits = new LimitMetrics(registry, instruments);
        Counter bytes =
                instruments.counter("exeat_bytes", "Octets of the applications' TLS that were carried", "direction");
        received = bytes.labelValues("received");
        sent = bytes.labelValues("sent");
        handshakes = new ResultCounter(instruments.counter("exeat_handshakes", "Outer TLS handshakes", "result"));
        dns = new ResultCounter(instruments.counter("exeat_dns_queries", "Names asked of the resolver", "result"));
        responses = new ResultCounter(instruments.counter(
                "exeat_dns_responses", "Questions that the workload proxy's responder got", "result"));
        abuses = new ResultCounter(
                instruments.counter("exeat_h2_abuse", "HTTP/2 connections ended for their peers' abuse", "kind"));
        exports = new ResultCounter(
                instruments.counter("exeat_otlp_exports", "Exports of metrics to a collector", "result"));
        Counter dials = instruments.counter("exeat_dials", "Upstreams dialled", "result");
        dialsConnected = dials.labelValues("connected");
        dialsFailed = dials.labelValues("failed");
        reloads = instruments.counter("exeat_config_reloads", "Compilations of the configuration", "result");
        distributions = new Distributions(registry);
        policy = Info.builder()
                .name("exeat_policy_info")
                .help("The policy in force")
                .labelNames("digest")
                .register(registry);
        problems = instruments.gauge("exeat_config_problems", "Problems in the configuration now", "severity");
        showInForce();
        showActive();
        showProgram(version);
    }

    /** A workload proxy has no policy, and nothing that it would be the age of. */
    private void showInForce() {
        GaugeWithCallback.builder()
                .name("exeat_snapshot_timestamp_seconds")
                .help("When the policy in force was compiled")
                .callback(gauge -> {
                    if (inForceSince > 0) {
                        gauge.call((double) inForceSince);
                    }
                })
                .register(registry);
    }

    private void showActive() {
        GaugeWithCallback.builder()
                .name("exeat_connections_active")
                .help("Connections that are open now")
                .labelNames("listener")
                .callback(gauge -> active.forEach((kind, open) -> gauge.call(open.getAsInt(), kind.code())))
                .register(registry);
    }

    private void showProgram(String version) {
        Info.builder()
                .name("exeat_build_info")
                .help("The program")
                .labelNames("version", "java")
                .register(registry)
                .setLabelValues(version, System.getProperty("java.version", ""));
        JvmMemoryMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        ProcessMetrics.builder().register(registry);
    }

    /** Whether {@link #opened} counts anything. */
    public boolean countsOpened() {
        return breakdown.countsOpened();
    }

    /** Counts a connection whose octets flow from now on. */
    public void opened(ConnectionRecord record) {
        breakdown.opened(record);
    }

    /** Counts a finished connection; to be called once for each. */
    public void ended(ListenerKind listener, ConnectionRecord record) {
        connections.ended(listener, record.ruling());
        distributions.ended(record);
        breakdown.ended(record);
        received.inc(record.traffic().received());
        sent.inc(record.traffic().sent());
        if (record.durations().dial() >= 0) {
            (record.route().dialled() == null ? dialsFailed : dialsConnected).inc();
        }
    }

    /**
     * Counts a connection of one of the workload proxy's listeners, which keeps no records.
     *
     * @param reason null where it was carried
     */
    public void workloadEnded(ListenerKind listener, @Nullable Reason reason, long fromApplication, long fromUpstream) {
        connections.workloadEnded(listener, reason);
        received.inc(fromApplication);
        sent.inc(fromUpstream);
    }

    /**
     * Counts an outer TLS handshake; to be called once for each.
     *
     * @param result from a fixed set: established, or why not
     */
    public void handshake(String result, long nanos) {
        handshakes.inc(result);
        distributions.handshake(nanos);
    }

    /**
     * Counts what the resolver answered.
     *
     * @param result from a fixed set: where the answer came from, or a reason's code
     * @param nanos 0 where nothing was asked of a name server; such answers have no part in the times
     */
    public void resolved(String result, long nanos) {
        dns.inc(result);
        if (nanos > 0) {
            distributions.resolved(nanos);
        }
    }

    /**
     * Counts a question that the workload proxy's own DNS responder got.
     *
     * @param result from a fixed set: what became of it
     */
    public void answered(String result) {
        responses.inc(result);
    }

    /** A policy came into force. */
    public void inForce(String digest, long epochSeconds) {
        policy.setLabelValues(digest);
        inForceSince = epochSeconds;
    }

    public void reloaded(int errors, int warnings) {
        reloads.labelValues(errors == 0 ? "ok" : "errors").inc();
        problems.labelValues("error").set(errors);
        problems.labelValues("warning").set(warnings);
    }

    /** Shows 0 for each kind of abuse that nobody did yet, so that a rate knows of the first too. */
    public void showAbuse(Stream<String> kinds) {
        kinds.forEach(abuses::show);
    }

    /**
     * Counts an HTTP/2 connection that was ended for its peer's abuse.
     *
     * @param kind from a fixed set
     */
    public void abuse(String kind) {
        abuses.inc(kind);
    }

    /**
     * Counts an export of metrics to a collector.
     *
     * @param result from a fixed set: ok or failed
     */
    public void exported(String result) {
        exports.inc(result);
    }

    /** Counts a connection that a limit refused or ended. */
    public void limitHit(Limit limit) {
        limits.hit(limit);
    }

    /** Shows how far limits are used: of each limit its highest use. */
    public void showLimits(Supplier<Collection<LimitUse>> uses) {
        limits.show(uses);
    }

    /** Shows how many connections of the listener are open. */
    public void showActive(ListenerKind listener, IntSupplier open) {
        active.put(listener, open);
    }

    /** Shows when the own SVID ends, as seconds of the epoch. */
    public void showSvidEnd(LongSupplier epochSeconds) {
        GaugeWithCallback.builder()
                .name("exeat_svid_not_after_seconds")
                .help("When the own SVID ends")
                .callback(callback -> callback.call((double) epochSeconds.getAsLong()))
                .register(registry);
    }

    /** Shows whether the own SVID should have been renewed by now. */
    public void showSvidOverdue(BooleanSupplier overdue) {
        GaugeWithCallback.builder()
                .name("exeat_svid_overdue")
                .help("1 when the own SVID is not renewed in time")
                .callback(callback -> callback.call(overdue.getAsBoolean() ? 1 : 0))
                .register(registry);
    }

    /**
     * Shows how this gateway stands to the server whose objects it follows.
     *
     * @param age in seconds, of what the server last confirmed
     */
    public void showServer(BooleanSupplier connected, LongSupplier age) {
        GaugeWithCallback.builder()
                .name("exeat_server_connected")
                .help("1 while the objects of the server are followed")
                .callback(callback -> callback.call(connected.getAsBoolean() ? 1 : 0))
                .register(registry);
        GaugeWithCallback.builder()
                .name("exeat_server_objects_age_seconds")
                .help("Time since the server last confirmed the objects in force")
                .callback(callback -> callback.call((double) age.getAsLong()))
                .register(registry);
    }

    /** Shows what log writers wrote and dropped. */
    public void showWriters(Supplier<Collection<SinkCounts>> writers) {
        CounterWithCallback.builder()
                .name("exeat_log_lines")
                .help("Log lines written")
                .labelNames("sink")
                .callback(callback -> writers.get().forEach(w -> callback.call((double) w.written(), w.name())))
                .register(registry);
        CounterWithCallback.builder()
                .name("exeat_log_dropped")
                .help("Log lines dropped, because the queue was full or the sink failed")
                .labelNames("sink")
                .callback(callback -> writers.get().forEach(w -> callback.call((double) w.dropped(), w.name())))
                .register(registry);
    }

    /** What is told of policies that only look on; to be asked for once. */
    public ShadowMetrics shadow() {
        return new ShadowMetrics(registry, instruments);
    }

    /** Shows how many records of denied connections say no nearest miss, for want of time to look for it. */
    public void showSkippedMisses(LongSupplier count) {
        CounterWithCallback.builder()
                .name("exeat_nearest_misses_skipped")
                .help("Records of denied connections that say no nearest miss, for want of time to look for it")
                .callback(callback -> callback.call((double) count.getAsLong()))
                .register(registry);
    }

    /** All that is counted now, for who shows it at once: after that series with names may change. */
    public MetricSnapshots snapshots() {
        MetricSnapshots now = registry.scrape();
        breakdown.settle();
        return now;
    }

    /**
     * What a scrape is answered.
     *
     * @param accept the media types that the peer takes, as its header {@code Accept} has them; empty for none
     */
    public Exposition scrape(String accept) {
        return Exposition.of(snapshots(), accept);
    }
}
