package dev.exeat.flow.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.exeat.flow.Metrics;
import dev.exeat.flow.otlp.MetricsExport.Origin;
import dev.exeat.model.ListenerKind;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a collector gets, by a real HTTP server that decodes it with the published protocol. */
@Timeout(60)
class MetricsExportTest {
    private final List<ExportMetricsServiceRequest> got = new CopyOnWriteArrayList<>();
    private final Metrics metrics = new Metrics("1.2.3");
    private HttpServer collector;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", this::take);
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            var body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
            got.add(ExportMetricsServiceRequest.parseFrom(body));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private MetricsExport export(Duration interval) {
        URI endpoint = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics");
        return MetricsExport.start(
                metrics, new OtlpOptions(endpoint, interval), new Origin("1.2.3", "gw-1"), InstantSource.system());
    }

    private Metric metric(String name) {
        return got.getLast().getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_collector_gets_counters_gauges_and_exponential_histograms_and_who_they_are_of() {
        metrics.handshake("established", 3_000_000);
        metrics.handshake("established", 3_000_000);
        metrics.handshake("timeout", 5_000_000_000L);
        metrics.showActive(ListenerKind.TUNNEL, () -> 3);
        try (MetricsExport _ = export(Duration.ofHours(1))) {
            // Closing sends.
        }

        ResourceMetrics resource = got.getLast().getResourceMetrics(0);
        assertThat(resource.getResource().getAttributesList())
                .extracting(KeyValue::getKey, attribute -> attribute.getValue().getStringValue())
                .contains(
                        tuple("service.name", "exeat"),
                        tuple("service.version", "1.2.3"),
                        tuple("service.instance.id", "gw-1"));
        assertThat(metric("exeat_handshakes").getSum()).satisfies(sum -> {
            assertThat(sum.getIsMonotonic()).isTrue();
            assertThat(sum.getAggregationTemporality())
                    .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            assertThat(sum.getDataPointsList()).anySatisfy(point -> {
                assertThat(point.getAttributes(0).getKey()).isEqualTo("result");
                assertThat(point.getAttributes(0).getValue().getStringValue()).isEqualTo("established");
                assertThat(point.getAsDouble()).isEqualTo(2);
                assertThat(point.getStartTimeUnixNano()).isLessThanOrEqualTo(point.getTimeUnixNano());
            });
        });
        assertThat(metric("exeat_connections_active")
                        .getGauge()
                        .getDataPoints(0)
                        .getAsDouble())
                .isEqualTo(3);
        assertThat(metric("exeat_build_info").getGauge().getDataPoints(0).getAsDouble())
                .isEqualTo(1);
        assertThat(metric("exeat_handshake_seconds").getUnit()).isEqualTo("s");
        assertThat(metric("jvm_gc_collection_seconds").hasSummary()).isTrue();
    }

    @Test
    void buckets_stand_where_the_values_were() {
        metrics.handshake("established", 3_000_000);
        metrics.handshake("established", 3_000_000);
        metrics.handshake("timeout", 5_000_000_000L);
        try (MetricsExport _ = export(Duration.ofHours(1))) {
            // Closing sends.
        }

        ExponentialHistogramDataPoint point =
                metric("exeat_handshake_seconds").getExponentialHistogram().getDataPoints(0);
        assertThat(point.getCount()).isEqualTo(3);
        assertThat(point.getSum()).isEqualTo(5.006);
        var buckets = point.getPositive();
        assertThat(buckets.getBucketCounts(0)).isEqualTo(2);
        assertThat(buckets.getBucketCounts(buckets.getBucketCountsCount() - 1)).isEqualTo(1);
        double base = Math.pow(2, Math.pow(2, -point.getScale()));
        assertThat(Math.pow(base, buckets.getOffset())).isLessThan(0.003);
        assertThat(Math.pow(base, buckets.getOffset() + 1)).isGreaterThanOrEqualTo(0.003);
        assertThat(Math.pow(base, buckets.getOffset() + buckets.getBucketCountsCount() - 1))
                .isLessThan(5);
        assertThat(Math.pow(base, buckets.getOffset() + buckets.getBucketCountsCount()))
                .isGreaterThanOrEqualTo(5);
    }

    @Test
    void an_export_that_fails_is_counted_and_the_next_has_everything() {
        status = 503;
        metrics.answered("address");
        try (MetricsExport _ = export(Duration.ofMillis(50))) {
            await().until(() -> text().contains("exeat_otlp_exports_total{result=\"failed\"}"));
            status = 200;
            await().until(() -> text().contains("exeat_otlp_exports_total{result=\"ok\"}"));
        }

        assertThat(metric("exeat_dns_responses").getSum().getDataPoints(0).getAsDouble())
                .isEqualTo(1);
    }

    @Test
    void its_end_sends_once() {
        try (MetricsExport _ = export(Duration.ofHours(1))) {
            // Closing sends.
        }

        assertThat(got).hasSize(1);
    }

    @Test
    void its_end_does_not_wait_longer_than_it_should_for_a_collector_that_is_silent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/v1/metrics");
            MetricsExport export = MetricsExport.start(
                    metrics,
                    new OtlpOptions(endpoint, Duration.ofHours(1)),
                    new Origin("1.2.3", "gw-1"),
                    InstantSource.system());
            long began = System.nanoTime();
            export.close(Duration.ofMillis(100));

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(100), Duration.ofMillis(1500));
        }
    }

    private String text() {
        return new String(metrics.scrape("").body(), StandardCharsets.UTF_8);
    }
}
