package dev.exeat.flow.store;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.store.MinuteSum.Group;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * A record as a store keeps it.
 *
 * @param micros when the connection was accepted, microseconds of the epoch
 * @param ended when the record was made, as for {@code micros}
 * @param line makes the record's JSON without a line feed: only when it is written, so that it goes from hand to hand in the
 *     processor's cache, and the lines of a batch never take memory together
 */
public record Entry(
        String id,
        long micros,
        long ended,
        boolean open,
        Group group,
        long received,
        long sent,
        Supplier<String> line) {
    private static final int NANOS = 1_000;

    public static Entry of(ConnectionRecord record, RecordEncoder encoder) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, record.time());
        return new Entry(
                record.id(),
                micros,
                micros + Math.max(0, record.durations().total()) / NANOS,
                record.event() == Event.OPEN,
                group(record),
                record.traffic().received(),
                record.traffic().sent(),
                () -> line(record, encoder));
    }

    private static String line(ConnectionRecord record, RecordEncoder encoder) {
        byte[] line = encoder.encode(record);
        return new String(line, 0, line.length - 1, StandardCharsets.US_ASCII);
    }

    /** A record that stands in a store. */
    static Entry of(Flow flow) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, flow.time());
        return new Entry(
                flow.id(),
                micros,
                micros + flow.ending().micros(),
                flow.event() == Event.OPEN,
                Group.of(flow),
                flow.ending().received(),
                flow.ending().sent(),
                flow::line);
    }

    private static Group group(ConnectionRecord record) {
        var ruling = record.ruling();
        var names = record.names();
        var hello = record.hello();
        var identity = record.source().identity();
        String connectName = names.connectName();
        var reason = ruling.reason() != null ? ruling.reason() : ruling.wouldDeny();
        return new Group(
                identity == null ? "" : identity.toString(),
                hello != null ? hello.serverName().value() : connectName == null ? "" : connectName,
                names.port(),
                ruling.passedByAudit() ? Flow.WOULD_DENY : ruling.verdict().code(),
                reason == null ? "" : reason.code(),
                ruling.rule() == null ? "" : ruling.rule().object().toString());
    }
}
