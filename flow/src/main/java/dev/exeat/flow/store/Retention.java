package dev.exeat.flow.store;

import java.time.Duration;

/**
 * How much history is kept; the oldest goes first.
 *
 * @param records how long single records are kept
 * @param minutes how long the sums of each minute are kept
 * @param octets how large the store may grow
 */
public record Retention(Duration records, Duration minutes, long octets) {
    private static final long GIBIBYTE = 1L << 30;

    /** A week of records, a quarter of sums, at most 1 GiB. */
    public static final Retention USUAL = new Retention(Duration.ofDays(7), Duration.ofDays(90), GIBIBYTE);
}
