package dev.exeat.flow;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Writes instants as {@code YYYY-MM-DDTHH:MM:SS.uuuuuuZ}: UTC, always six digits, truncated. */
public final class UtcTime {
    private static final int MICRO = 1_000;

    private UtcTime() {}

    /** Appends 27 characters; of the year the last four digits, as Mixer did. */
    public static void append(StringBuilder out, Instant instant) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
        digits(out, Math.floorMod(utc.getYear(), 10_000), 4).append('-');
        digits(out, utc.getMonthValue(), 2).append('-');
        digits(out, utc.getDayOfMonth(), 2).append('T');
        digits(out, utc.getHour(), 2).append(':');
        digits(out, utc.getMinute(), 2).append(':');
        digits(out, utc.getSecond(), 2).append('.');
        digits(out, utc.getNano() / MICRO, 6).append('Z');
    }

    public static String text(Instant instant) {
        StringBuilder out = new StringBuilder(27);
        append(out, instant);
        return out.toString();
    }

    private static StringBuilder digits(StringBuilder out, int value, int count) {
        int end = out.length() + count;
        out.setLength(end);
        int rest = value;
        for (int at = end - 1; at >= end - count; at--) {
            out.setCharAt(at, (char) ('0' + rest % 10));
            rest /= 10;
        }
        return out;
    }
}
