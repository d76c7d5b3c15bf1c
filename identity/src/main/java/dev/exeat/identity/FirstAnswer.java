package dev.exeat.identity;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a server that is away, slow or too busy when this process starts, and not for one that refuses. */
final class FirstAnswer {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(FirstAnswer.class);

    private FirstAnswer() {}

    /**
     * Asks until there is an answer; waits twice as long after each failure, to ten seconds.
     *
     * @param patience after which no other try begins; zero for one try
     * @throws SvidUnavailableException the last one, or the first that another try does not help
     */
    static <T> T of(Supplier<T> ask, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        RandomGenerator random = RandomGenerator.getDefault();
        Duration wait = FIRST_WAIT;
        while (true) {
            try {
                return ask.get();
            } catch (SvidUnavailableException e) {
                // Many that start together shall not ask together.
                long nanos = (long) (wait.toNanos() * random.nextDouble(0.5, 1.0));
                long left = deadline - System.nanoTime() - nanos;
                if (!e.isTransient() || left < 0) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("problem", e.getMessage())
                        .addKeyValue("seconds_left", TimeUnit.NANOSECONDS.toSeconds(left))
                        .log("no SVID yet, and so not ready; asking again");
                pause(nanos, e);
            }
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
        }
    }

    private static void pause(long nanos, SvidUnavailableException reason) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }
}
