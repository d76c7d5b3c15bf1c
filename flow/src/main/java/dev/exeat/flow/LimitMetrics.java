package dev.exeat.flow;

import dev.exeat.model.Limit;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** How often limits were reached, and how far they are used. Thread-safe. */
final class LimitMetrics {
    private static final String LABEL = "limit";

    private final PrometheusRegistry registry;
    private final Map<Limit, CounterDataPoint> hits = new EnumMap<>(Limit.class);

    LimitMetrics(PrometheusRegistry registry, Instruments instruments) {
        this.registry = registry;
        Counter counter = instruments.counter("exeat_limit_hits", "Connections that a limit refused or ended", LABEL);
        for (Limit limit : Limit.values()) {
            hits.put(limit, counter.labelValues(limit.option()));
        }
    }

    void hit(Limit limit) {
        CounterDataPoint count = hits.get(limit);
        if (count != null) {
            count.inc();
        }
    }

    void show(Supplier<Collection<LimitUse>> uses) {
        GaugeWithCallback.builder()
                .name("exeat_limit_use")
                .help("What the peer that uses most of the limit uses now")
                .labelNames(LABEL)
                .callback(gauge -> uses.get()
                        .forEach(use -> gauge.call(use.used(), use.limit().option())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("exeat_limit_max")
                .help("The limit")
                .labelNames(LABEL)
                .callback(gauge -> uses.get()
                        .forEach(use -> gauge.call(use.most(), use.limit().option())))
                .register(registry);
    }
}
