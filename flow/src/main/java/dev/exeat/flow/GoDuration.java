package dev.exeat.flow;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Writes durations as Go's {@code time.Duration.String} does: {@code 0s}, {@code 1.5s}, {@code 600ms}, {@code 2m3.4s}.
 * Go holds 64 bits of nanoseconds; what is longer is written as the longest of those.
 */
final class GoDuration {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private GoDuration() {}

    static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        String sign = duration.isNegative() ? "-" : "";
        Duration length = duration.abs();
        long value = length.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : length.toNanos();
        if (value < MICRO) {
            return sign + value + "ns";
        }
        if (value < MILLI) {
            return sign + scaled(value, MICRO) + "µs";
        }
        if (value < SECOND) {
            return sign + scaled(value, MILLI) + "ms";
        }
        return sign + clock(value);
    }

    private static String clock(long nanos) {
        long hours = nanos / (3600 * SECOND);
        long minutes = nanos / (60 * SECOND) % 60;
        String seconds = scaled(nanos % (60 * SECOND), SECOND) + "s";
        if (hours > 0) {
            return hours + "h" + minutes + "m" + seconds;
        }
        return minutes > 0 ? minutes + "m" + seconds : seconds;
    }

    private static String scaled(long nanos, long unit) {
        return BigDecimal.valueOf(nanos)
                .divide(BigDecimal.valueOf(unit))
                .stripTrailingZeros()
                .toPlainString();
    }
}
