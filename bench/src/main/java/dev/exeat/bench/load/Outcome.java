package dev.exeat.bench.load;

/**
 * What became of a {@link Job}.
 *
 * @param operations that ended well
 * @param errors operations that did not
 * @param firstError what the first of them said, or empty
 * @param octets received by bulk loads
 * @param nanos from the first operation's start to the last one's end
 * @param p50 of the time from an operation's start to its first answer, in microseconds
 * @param p99 the same
 * @param late p99 of the time by which operations of an open loop were begun too late, in microseconds
 * @param resumed operations whose TLS session was resumed
 */
public record Outcome(
        long operations,
        long errors,
        String firstError,
        long octets,
        long nanos,
        double p50,
        double p99,
        double late,
        long resumed) {}
