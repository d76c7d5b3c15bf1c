package dev.exeat.proxy.workload;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits between attempts that double up to a bound, each drawn from its upper half so that proxies spread out. Not thread-safe. */
final class Backoff {
    private final long firstNanos;
    private final long mostNanos;
    private final RandomGenerator random;
    private long nextNanos;

    Backoff(Duration first, Duration most, RandomGenerator random) {
        this.firstNanos = first.toNanos();
        this.mostNanos = most.toNanos();
        this.random = random;
        this.nextNanos = firstNanos;
    }

    Duration next() {
        long wait = nextNanos / 2 + random.nextLong(nextNanos / 2 + 1);
        nextNanos = Math.min(nextNanos * 2, mostNanos);
        return Duration.ofNanos(wait);
    }

    /** After a success the next wait is short again. */
    void reset() {
        nextNanos = firstNanos;
    }
}
