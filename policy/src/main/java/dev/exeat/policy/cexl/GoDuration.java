package dev.exeat.policy.cexl;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as Go's {@code time.ParseDuration} reads them. */
final class GoDuration {
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** The duration, or null where the text is none. */
    static @Nullable Duration parse(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length() || text.length() > 100) {
            return null;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        while (at < text.length()) {
            int numberEnd = skip(text, at, true);
            int unitEnd = skip(text, numberEnd, false);
            String number = text.substring(at, numberEnd);
            long unit = unitNanos(text.substring(numberEnd, unitEnd));
            if (unit == 0 || number.indexOf('.') != number.lastIndexOf('.') || number.equals(".") || number.isEmpty()) {
                return null;
            }
            nanos = nanos.add(new BigDecimal(number).multiply(BigDecimal.valueOf(unit)));
            at = unitEnd;
        }
        if (nanos.compareTo(MAX_NANOS) > 0) {
            return null;
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    private static int skip(String text, int from, boolean number) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if ((c == '.' || (c >= '0' && c <= '9')) != number) {
                break;
            }
            at++;
        }
        return at;
    }

    private static long unitNanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "\u00b5s", "\u03bcs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0;
        };
    }
}
