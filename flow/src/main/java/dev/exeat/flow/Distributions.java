package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Verdict;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * How long things took and how large they were: histograms with classic buckets for text and native ones for scrapes that
 * can carry them. Times come in nanoseconds and are shown in seconds. Thread-safe.
 */
final class Distributions {
    private static final double NANOS = 1e9;
    private static final double[] SECONDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };
    private static final double[] TUNNEL_SECONDS = {0.01, 0.1, 1, 10, 60, 600, 3600, 36000};
    private static final double[] HELLO_BYTES = {256, 512, 1024, 2048, 4096, 16384, 65536};

    /** Eight native buckets to each doubling: no quantile is off by more than some 5 %. */
    private static final int SCHEMA = 3;

    /** Enough for 20 doublings; beyond it two buckets become one. */
    private static final int MOST_NATIVE_BUCKETS = 160;

    private final PrometheusRegistry registry;
    private final DistributionDataPoint handshake;
    private final DistributionDataPoint hello;
    private final DistributionDataPoint decision;
    private final DistributionDataPoint dns;
    private final DistributionDataPoint dial;
    private final DistributionDataPoint tunnel;

    Distributions(PrometheusRegistry registry) {
        this.registry = registry;
        handshake = histogram("exeat_handshake_seconds", "Time of the outer TLS handshake, failed ones too", SECONDS);
        hello = histogram("exeat_hello_bytes", "Size of the applications' ClientHellos", HELLO_BYTES);
        decision = histogram("exeat_decision_seconds", "Time of a policy decision", SECONDS);
        dns = histogram("exeat_dns_seconds", "Time to resolve a name that was not in the cache", SECONDS);
        dial = histogram("exeat_dial_seconds", "Time to connect to an upstream", SECONDS);
        tunnel = histogram(
                "exeat_tunnel_seconds", "Time from accept to the end of a connection that was carried", TUNNEL_SECONDS);
    }

    /** Without exemplars, which nobody sets. */
    private DistributionDataPoint histogram(String name, String help, double... bounds) {
        Histogram.Builder builder = Histogram.builder()
                .name(name)
                .help(help)
                .classicUpperBounds(bounds)
                .nativeInitialSchema(SCHEMA)
                .nativeMaxNumberOfBuckets(MOST_NATIVE_BUCKETS);
        builder.withoutExemplars();
        return builder.register(registry).labelValues();
    }

    void ended(ConnectionRecord record) {
        Durations durations = record.durations();
        if (record.ruling().verdict() == Verdict.ALLOWED) {
            observe(tunnel, durations.total());
        }
        if (record.hello() != null) {
            hello.observe(record.hello().length());
        }
        observe(decision, durations.decide());
        observe(dial, durations.dial());
    }

    void handshake(long nanos) {
        observe(handshake, nanos);
    }

    void resolved(long nanos) {
        observe(dns, nanos);
    }

    private static void observe(DistributionDataPoint histogram, long nanos) {
        if (nanos >= 0) {
            histogram.observe(nanos / NANOS);
        }
    }
}
