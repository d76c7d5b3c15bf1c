package dev.exeat.flow;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A counter with one label, whose values come from a fixed set. Thread-safe. */
final class ResultCounter {
    private final Counter counter;
    private final ConcurrentMap<String, CounterDataPoint> byResult = new ConcurrentHashMap<>();

    ResultCounter(Counter counter) {
        this.counter = counter;
    }

    void inc(String result) {
        point(result).inc();
    }

    /** Has the series there, with 0 if nothing was counted. */
    void show(String result) {
        point(result);
    }

    private CounterDataPoint point(String result) {
        CounterDataPoint found = byResult.get(result);
        return found == null ? byResult.computeIfAbsent(result, counter::labelValues) : found;
    }
}
