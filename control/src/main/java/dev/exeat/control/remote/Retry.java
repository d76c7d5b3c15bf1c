package dev.exeat.control.remote;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next try: longer after each failure, and never as long as others do. Not thread-safe. */
final class Retry {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final RandomGenerator random = RandomGenerator.getDefault();
    private Duration next = SHORTEST;

    void succeeded() {
        next = SHORTEST;
    }

    void pause() throws InterruptedException {
        Thread.sleep(Duration.ofNanos((long) (next.toNanos() * random.nextDouble(0.5, 1.0))));
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
    }
}
