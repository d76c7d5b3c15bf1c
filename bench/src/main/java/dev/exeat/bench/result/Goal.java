package dev.exeat.bench.result;

import java.util.List;
import java.util.Optional;

/**
 * A promise about Exeat in one scenario.
 *
 * @param subject which assembly of Exeat
 * @param against the program by whose figure Exeat's is divided, round by round; empty for the figure itself
 * @param limit the largest median that keeps the promise
 */
public record Goal(String scenario, String metric, String subject, String against, double limit) {
    private static final String EXEAT = "exeat";
    private static final String CPU = "cpu";

    /** Those of the design; what is divided by HAProxy means its release in the results. */
    public static List<Goal> all() {
        return List.of(
                ratio("pass", CPU, "haproxy", 0.95),
                ratio("pass", CPU, "envoy", 0.6),
                ratio("latency-500", "added-p50", "haproxy", 0.95),
                ratio("bulk8", CPU, "haproxy", 0.4),
                ratio("bulk8", CPU, "haproxy-splice", 0.6),
                ratio("bulk1", CPU, "haproxy", 0.5),
                ratio("bulk1", CPU, "haproxy-splice", 1.0),
                ratio("mtls", CPU, "haproxy", 0.5),
                ratio("mtls", CPU, "envoy", 0.65),
                ratio("resumed", CPU, "haproxy", 0.5),
                ratio("resumed", CPU, "envoy", 0.7),
                ratio("mtls-bulk", CPU, "haproxy", 0.35),
                ratio("h2", CPU, "envoy", 0.45),
                ratio("h2", CPU, "envoy-blind", 0.75),
                figure("memory-pass-1000", "idle", 1),
                figure("memory-pass-9900", "idle", 1),
                figure("memory-mtls-1000", "idle", 12),
                figure("memory-mtls-9900", "idle", 12),
                figure("start", "accept", 180),
                figure("start", "rss", 60),
                figure("decisions", "rules-100000", 1),
                figure("reload", "changed", 50));
    }

    private static Goal ratio(String scenario, String metric, String against, double limit) {
        return new Goal(scenario, metric, EXEAT, against, limit);
    }

    private static Goal figure(String scenario, String metric, double limit) {
        return new Goal(scenario, metric, EXEAT, "", limit);
    }

    /** What was reached; empty if it was not measured. */
    public Optional<Spread> reached(Results results) {
        return results.scenario(scenario).flatMap(result -> {
            Optional<Series> own = result.series(subject, metric);
            return against.isEmpty()
                    ? own.flatMap(Series::spread)
                    : own.flatMap(mine -> result.series(against, metric).flatMap(mine::by));
        });
    }
}
