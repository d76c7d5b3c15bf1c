package dev.exeat.flow;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Makes counters and gauges without exemplars: nobody sets those, and the library would look for a trace in each thread that
 * counts. Thread-safe.
 */
final class Instruments {
    private final PrometheusRegistry registry;

    Instruments(PrometheusRegistry registry) {
        this.registry = registry;
    }

    Counter counter(String name, String help, String... labels) {
        Counter.Builder builder = Counter.builder().name(name).help(help).labelNames(labels);
        builder.withoutExemplars();
        return builder.register(registry);
    }

    Gauge gauge(String name, String help, String... labels) {
        Gauge.Builder builder = Gauge.builder().name(name).help(help).labelNames(labels);
        builder.withoutExemplars();
        return builder.register(registry);
    }
}
