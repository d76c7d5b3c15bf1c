package dev.exeat.cli.options;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 60s}, {@code 5m}, {@code 24h}, {@code 7d} and sums such as {@code 1h30m}; {@code 0} is zero. */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final int MAX_DIGITS = 9;

    @Override
    public Duration convert(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Duration sum = Duration.ZERO;
        int at = 0;
        do {
            int number = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            int unit = at;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            if (unit == number || unit - number > MAX_DIGITS) {
                throw wrong(text);
            }
            long count = Long.parseLong(text.substring(number, unit));
            sum = sum.plus(Duration.of(count, unitOf(text.substring(unit, at), text)));
        } while (at < text.length());
        return sum;
    }

    private static TemporalUnit unitOf(String unit, String whole) {
        return switch (unit) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            case "d" -> ChronoUnit.DAYS;
            default -> throw wrong(whole);
        };
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is not a duration; write a number and ms, s, m, h or d, for example 60s, 5m or 1h30m");
    }
}
