package dev.exeat.flow.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Prometheus' metrics as OpenTelemetry's, cumulative since the program began (OpenTelemetry specification, "Prometheus and
 * OpenMetrics Compatibility"). Stateless but for the beginning.
 */
final class SnapshotTranslation {
    private static final AggregationTemporality SINCE_START = AggregationTemporality.CUMULATIVE;

    private final long start;

    /** @param start nanoseconds since 1970 */
    SnapshotTranslation(long start) {
        this.start = start;
    }

    /** @param now nanoseconds since 1970 */
    List<MetricData> translate(MetricSnapshots snapshots, Resource resource, long now) {
        List<MetricData> metrics = new ArrayList<>();
        for (MetricSnapshot snapshot : snapshots) {
            MetricData metric = translate(snapshot, resource, now);
            if (metric != null) {
                metrics.add(metric);
            }
        }
        return metrics;
    }

    private @Nullable MetricData translate(MetricSnapshot snapshot, Resource resource, long now) {
        String name = snapshot.getMetadata().getPrometheusName();
        return switch (snapshot) {
            case CounterSnapshot counter ->
                metric(
                        snapshot,
                        resource,
                        name,
                        MetricDataType.DOUBLE_SUM,
                        SumData.createDoubleSumData(
                                true, SINCE_START, doubles(counter.getDataPoints(), now, point -> point.getValue())));
            case GaugeSnapshot gauge ->
                metric(
                        snapshot,
                        resource,
                        name,
                        MetricDataType.DOUBLE_GAUGE,
                        GaugeData.createDoubleGaugeData(
                                doubles(gauge.getDataPoints(), now, point -> point.getValue())));
            case InfoSnapshot info ->
                metric(
                        snapshot,
                        resource,
                        name + "_info",
                        MetricDataType.DOUBLE_GAUGE,
                        GaugeData.createDoubleGaugeData(doubles(info.getDataPoints(), now, point -> 1)));
            case HistogramSnapshot histogram ->
                metric(
                        snapshot,
                        resource,
                        name,
                        MetricDataType.EXPONENTIAL_HISTOGRAM,
                        ExponentialHistogramData.create(
                                SINCE_START, points(histogram.getDataPoints(), point -> exponential(point, now))));
            case SummarySnapshot summary ->
                metric(
                        snapshot,
                        resource,
                        name,
                        MetricDataType.SUMMARY,
                        SummaryData.create(points(
                                summary.getDataPoints(),
                                point -> SummaryPointData.create(
                                        start, now, attributes(point), point.getCount(), point.getSum(), List.of()))));
            default -> null;
        };
    }

    private static MetricData metric(
            MetricSnapshot snapshot, Resource resource, String name, MetricDataType type, Data<?> data) {
        String help = snapshot.getMetadata().getHelp();
        return new OtlpMetric(resource, name, help == null ? "" : help, type, data);
    }

    private static <P, T> List<T> points(Collection<? extends P> points, Function<P, T> translation) {
        return points.stream().map(translation).toList();
    }

    private <P extends DataPointSnapshot> List<DoublePointData> doubles(
            Collection<? extends P> points, long now, ToDoubleFunction<P> value) {
        return points(
                points,
                point -> DoublePointData.create(start, now, attributes(point), value.applyAsDouble(point), List.of()));
    }

    private static Attributes attributes(DataPointSnapshot point) {
        AttributesBuilder attributes = Attributes.builder();
        for (Label label : point.getLabels()) {
            attributes.put(label.getName(), label.getValue());
        }
        return attributes.build();
    }

    private ExponentialHistogramPointData exponential(HistogramDataPointSnapshot point, long now) {
        return ExponentialHistogramPointData.create(
                point.getNativeSchema(),
                point.getSum(),
                point.getNativeZeroCount(),
                false,
                0,
                false,
                0,
                buckets(point.getNativeSchema(), point.getNativeBucketsForPositiveValues()),
                buckets(point.getNativeSchema(), point.getNativeBucketsForNegativeValues()),
                start,
                now,
                attributes(point),
                List.of());
    }

    /** Prometheus counts a bucket's index by its upper bound and leaves out empty ones; OpenTelemetry by its lower bound. */
    private static ExponentialHistogramBuckets buckets(int scale, NativeHistogramBuckets sparse) {
        if (sparse.size() == 0) {
            return ExponentialHistogramBuckets.create(scale, 0, List.of());
        }
        int first = sparse.getBucketIndex(0);
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < sparse.size(); i++) {
            while (counts.size() < sparse.getBucketIndex(i) - first) {
                counts.add(0L);
            }
            counts.add(sparse.getCount(i));
        }
        return ExponentialHistogramBuckets.create(scale, first - 1, counts);
    }

    static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
