package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Outcome;
import dev.exeat.bench.result.Metric;
import java.util.List;

/** How the figures of a round are made of what the load saw and what the program's clock says. */
public enum Figures {
    OPERATIONS,
    OCTETS,
    /** Of operations that may have resumed a TLS session. */
    RESUMPTIONS;

    private static final double NANOS_PER_MICRO = 1000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    List<Metric> metrics() {
        return switch (this) {
            case OPERATIONS -> List.of(Metric.CPU, Metric.OPERATIONS);
            case OCTETS -> List.of(Metric.CPU_PER_GIGABYTE, Metric.GIGABYTES);
            case RESUMPTIONS -> List.of(Metric.CPU, Metric.OPERATIONS, Metric.RESUMED);
        };
    }

    double of(Metric metric, Outcome outcome, long cpuNanos) {
        double operations = Math.max(1, outcome.operations());
        return switch (metric.id()) {
            case "cpu" ->
                this == OCTETS
                        ? (double) cpuNanos / Math.max(1, outcome.octets())
                        : cpuNanos / NANOS_PER_MICRO / operations;
            case "ops" -> outcome.operations() * NANOS_PER_SECOND / outcome.nanos();
            case "rate" -> (double) outcome.octets() / outcome.nanos();
            case "resumed" -> outcome.resumed() * PERCENT / operations;
            default -> throw new IllegalArgumentException(metric.id());
        };
    }
}
