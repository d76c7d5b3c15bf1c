package dev.exeat.policy.cexl;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as Go reads and writes them ({@code time.ParseDuration}, {@code Duration.String}). */
public final class GoDuration {
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
            if (numberEnd == at) {
                return null;
            }
            int unitEnd = skip(text, numberEnd, false);
            String number = text.substring(at, numberEnd);
            long unit = unitNanos(text.substring(numberEnd, unitEnd));
            if (unit == 0 || number.indexOf('.') != number.lastIndexOf('.') || number.equals(".")) {
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

    /** For example {@code 0s}, {@code 600ms}, {@code 1.5s} or {@code 1h0m5s}. */
    public static String format(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds())
                .add(BigDecimal.valueOf(duration.getNano(), 9))
                .abs();
        String sign = duration.isNegative() ? "-" : "";
        if (seconds.signum() == 0) {
            return "0s";
        }
        if (seconds.compareTo(BigDecimal.ONE) < 0) {
            boolean millis = seconds.compareTo(BigDecimal.valueOf(1, 3)) >= 0;
            boolean micros = seconds.compareTo(BigDecimal.valueOf(1, 6)) >= 0;
            int digits = millis ? 3 : micros ? 6 : 9;
            return sign + plain(seconds.movePointRight(digits)) + (millis ? "ms" : micros ? "\u00b5s" : "ns");
        }
        long whole = seconds.longValue();
        String hours = whole >= 3600 ? whole / 3600 + "h" : "";
        String minutes = whole >= 60 ? whole / 60 % 60 + "m" : "";
        return sign + hours + minutes + plain(seconds.subtract(BigDecimal.valueOf(whole / 60 * 60))) + "s";
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
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
