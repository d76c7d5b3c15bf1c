package dev.exeat.identity;

import java.time.Duration;
import java.time.Instant;

/**
 * When to renew a certificate: about two thirds into what was left of its life when it came, a little earlier or later
 * so that a fleet that started together does not ask together.
 *
 * @param obtained when it came
 */
record RenewalTimes(Instant obtained, Instant notAfter) {
    private static final double DUE = 2.0 / 3;
    private static final double JITTER = 0.05;
    private static final double ALARM = 0.8;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(60);
    private static final int RETRIES_PER_LIFE = 20;

    /** @param random 0 to 1 */
    Instant due(double random) {
        return at(DUE + JITTER * (2 * random - 1));
    }

    /** From when on a certificate that is not renewed is worth an alarm. */
    Instant alarm() {
        return at(ALARM);
    }

    /**
     * How long to wait after a failure: doubled each time up to a minute, or less where the life is short.
     *
     * @param failures how many there were in a row, at least 1
     * @param random 0 to 1
     */
    Duration retry(int failures, double random) {
        Duration cap = life().dividedBy(RETRIES_PER_LIFE);
        cap = cap.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : cap;
        cap = cap.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : cap;
        Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration longest = doubled.compareTo(cap) > 0 ? cap : doubled;
        return Duration.ofNanos((long) (longest.toNanos() * (0.5 + random / 2)));
    }

    private Instant at(double part) {
        return obtained.plusNanos((long) (life().toNanos() * part));
    }

    private Duration life() {
        return notAfter.isAfter(obtained) ? Duration.between(obtained, notAfter) : Duration.ZERO;
    }
}
