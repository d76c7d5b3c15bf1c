package dev.exeat.flow;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What policies that only look on say, beside those in force. Thread-safe. */
public final class ShadowMetrics {
    private static final List<String> LIVE = List.of("allowed", "would-deny", "denied");
    private static final List<String> SHADOW = List.of("allowed", "would-deny", "denied", "error");

    private final Map<String, Map<String, CounterDataPoint>> decisions = new HashMap<>();
    private final Info policy;
    private final Gauge problems;

    ShadowMetrics(PrometheusRegistry registry, Instruments instruments) {
        Counter counter = instruments.counter(
                "exeat_shadow_decisions",
                "Decisions, by what the policies in force say and what those of the shadow say",
                "live",
                "shadow");
        for (String live : LIVE) {
            Map<String, CounterDataPoint> byShadow = new HashMap<>();
            SHADOW.forEach(shadow -> byShadow.put(shadow, counter.labelValues(live, shadow)));
            decisions.put(live, byShadow);
        }
        policy = Info.builder()
                .name("exeat_shadow_policy_info")
                .help("The policy of the shadow")
                .labelNames("digest")
                .register(registry);
        problems = instruments.gauge(
                "exeat_shadow_problems", "Problems in the configuration of the shadow now", "severity");
    }

    /**
     * Counts a decision.
     *
     * @param live from a fixed set: allowed, would-deny, denied
     * @param shadow the same, or error
     */
    public void judged(String live, String shadow) {
        CounterDataPoint count = decisions.getOrDefault(live, Map.of()).get(shadow);
        if (count != null) {
            count.inc();
        }
    }

    /** There is no policy of the shadow, by a fault. */
    public void failed() {
        problems.labelValues("error").set(1);
    }

    /** The shadow's policies were compiled anew. */
    public void compiled(String digest, long errors, long warnings) {
        policy.setLabelValues(digest);
        problems.labelValues("error").set((double) errors);
        problems.labelValues("warning").set((double) warnings);
    }
}
