package dev.exeat.proxy.h2;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Counts {@link Abuse}, each kind for itself and per interval. */
final class FloodGuard {
    private final AbuseLimits limits;
    private final long interval;
    private final Map<Abuse, Integer> counts = new EnumMap<>(Abuse.class);
    private long begun;

    FloodGuard(AbuseLimits limits, Duration interval, long now) {
        this.limits = limits;
        this.interval = interval.toNanos();
        this.begun = now;
    }

    /** @throws H2Exception with ENHANCE_YOUR_CALM if there were too many of a kind */
    void count(Abuse kind, long now) {
        if (now - begun >= interval) {
            counts.clear();
            begun = now;
        }
        if (counts.merge(kind, 1, Integer::sum) > limits.of(kind)) {
            throw H2Exception.calm(kind, "too many " + kind.plural());
        }
    }
}
