package dev.exeat.flow.otlp;

import dev.exeat.flow.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends all metrics to a collector, by OTLP in protobuf over HTTP, at intervals and once more at its end. An export that fails is
 * tried again at the next interval, with the counts of then: nothing is kept for it, and nothing waits. Thread-safe.
 */
public final class MetricsExport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsExport.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The library tells of failures here, in a form of its own; held, because the logging of Java forgets it else. */
    private static final java.util.logging.Logger LIBRARY = java.util.logging.Logger.getLogger("io.opentelemetry");

    private final SdkMeterProvider provider;

    private MetricsExport(SdkMeterProvider provider) {
        this.provider = provider;
    }

    /** Who the metrics are of, as their resource says: the version of the program, and the name of this one. */
    public record Origin(String version, String instance) {
        private Resource resource() {
            return Resource.create(Attributes.of(
                    AttributeKey.stringKey("service.name"),
                    "exeat",
                    AttributeKey.stringKey("service.version"),
                    version,
                    AttributeKey.stringKey("service.instance.id"),
                    instance));
        }
    }

    /** Sends until it is closed. */
    public static MetricsExport start(Metrics metrics, OtlpOptions options, Origin origin, InstantSource clock) {
        LIBRARY.setLevel(Level.OFF);
        SnapshotTranslation translation = new SnapshotTranslation(SnapshotTranslation.nanos(clock.millis()));
        MetricExporter exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint(options.endpoint().toString())
                .setTimeout(TIMEOUT.compareTo(options.interval()) < 0 ? TIMEOUT : options.interval())
                .setRetryPolicy(null)
                .build();
        PeriodicMetricReader reader = PeriodicMetricReader.builder(new Watched(exporter, options.endpoint(), metrics))
                .setInterval(options.interval())
                .build();
        return new MetricsExport(SdkMeterProvider.builder()
                .setResource(origin.resource())
                .registerMetricProducer(resource ->
                        translation.translate(metrics.snapshots(), resource, SnapshotTranslation.nanos(clock.millis())))
                .registerMetricReader(reader)
                .build());
    }

    /** Sends once more, for at most two seconds, and ends. */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /** The library sends once more by itself, but may take many seconds for it: it goes on beside, if it must. */
    void close(Duration patience) {
        Thread last = Thread.ofVirtual().name("exeat-otlp-end").start(provider::shutdown);
        try {
            boolean _ = last.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts exports, and says in the program's log when they begin to fail and when they succeed again. */
    private static final class Watched implements MetricExporter {
        private final MetricExporter exporter;
        private final URI endpoint;
        private final Metrics metrics;
        private boolean failing;

        Watched(MetricExporter exporter, URI endpoint, Metrics metrics) {
            this.exporter = exporter;
            this.endpoint = endpoint;
            this.metrics = metrics;
        }

        @Override
        public CompletableResultCode export(Collection<MetricData> all) {
            // The library has metrics of itself too.
            List<MetricData> own =
                    all.stream().filter(OtlpMetric.class::isInstance).toList();
            CompletableResultCode result = exporter.export(own);
            return result.whenComplete(() -> ended(result));
        }

        private synchronized void ended(CompletableResultCode result) {
            boolean failed = !result.isSuccess();
            metrics.exported(failed ? "failed" : "ok");
            if (failed && !failing) {
                LOG.atWarn()
                        .addKeyValue("endpoint", endpoint)
                        .addKeyValue("error", String.valueOf(result.getFailureThrowable()))
                        .log("metrics do not reach the collector");
            } else if (failing && !failed) {
                LOG.atInfo().addKeyValue("endpoint", endpoint).log("metrics reach the collector again");
            }
            failing = failed;
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
            return exporter.getAggregationTemporality(instrument);
        }
    }
}
