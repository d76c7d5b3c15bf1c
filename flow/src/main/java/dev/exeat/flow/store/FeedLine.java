package dev.exeat.flow.store;

import java.nio.charset.StandardCharsets;

/**
 * A line of a stream of flows, an object of JSON: {@code {"sequence":N,"record":{...}}} for one, {@code {"sequence":N}} when
 * there is none other up to there, {@code {"missed":N}} when so many were left out.
 *
 * @param record empty where there is none
 * @param missed 0 where none were
 */
public record FeedLine(long sequence, String record, long missed) {
    private static final String SEQUENCE = "{\"sequence\":";
    private static final String RECORD = ",\"record\":";
    private static final String MISSED = "{\"missed\":";

    public static FeedLine of(StoredFlow flow) {
        return new FeedLine(flow.sequence(), flow.flow().line(), 0);
    }

    public static FeedLine upTo(long sequence) {
        return new FeedLine(sequence, "", 0);
    }

    public static FeedLine missed(long count) {
        return new FeedLine(0, "", count);
    }

    /** With its line feed. */
    public byte[] encoded() {
        String line = missed > 0
                ? MISSED + missed + "}\n"
                : SEQUENCE + sequence + (record.isEmpty() ? "" : RECORD + record) + "}\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @param line without its line feed
     * @throws IllegalArgumentException if it is none
     */
    public static FeedLine parse(String line) {
        int end = line.length() - 1;
        if (end < 0 || line.charAt(end) != '}') {
            throw new IllegalArgumentException("no line of a stream of flows");
        }
        if (line.startsWith(MISSED)) {
            return missed(Long.parseLong(line, MISSED.length(), end, 10));
        }
        if (!line.startsWith(SEQUENCE)) {
            throw new IllegalArgumentException("no line of a stream of flows");
        }
        int comma = line.indexOf(RECORD);
        return comma < 0
                ? upTo(Long.parseLong(line, SEQUENCE.length(), end, 10))
                : new FeedLine(
                        Long.parseLong(line, SEQUENCE.length(), comma, 10),
                        line.substring(comma + RECORD.length(), end),
                        0);
    }
}
