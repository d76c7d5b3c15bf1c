package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.JsonLine;
import dev.exeat.model.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Smokescreen's canonical lines, with its keys in its order (that of their names): {@code CANONICAL-PROXY-DECISION} once
 * for each connection, when it is carried or refused, and {@code CANONICAL-PROXY-CN-CLOSE} at the end of one that was
 * carried, with the same {@code id}. The role is the identity's principal, the project its namespace.
 */
final class SmokescreenProfile implements ProfileEncoder {
    private static final int SIZE = 640;
    private static final double NANOS = 1e9;

    @Override
    public byte[] encode(ConnectionRecord record) {
        JsonLine line = new JsonLine(SIZE);
        boolean close = Moment.of(record) == Moment.CLOSE;
        if (close) {
            line.truth("allow", true);
            line.number("bytes_in", record.traffic().received());
            line.number("bytes_out", record.traffic().sent());
        } else {
            line.truth("allow", record.ruling().verdict() != Verdict.DENIED);
        }
        millis(line, "conn_establish_time_ms", record.durations().dial());
        line.text("decision_reason", decisionReason(record), Facts.TEXT);
        millis(line, "dns_lookup_time_ms", record.durations().dns());
        if (close) {
            line.decimal("duration", Math.max(0, record.durations().total()) / NANOS);
            line.text("end_time", Facts.when(record).toString(), Facts.NAME);
        }
        line.truth("enforce_would_deny", wouldDeny(record));
        String error = error(record);
        if (close || error != null) {
            line.text("error", error == null ? "" : error, Facts.TEXT);
        }
        end(line, record, close);
        return line.end();
    }

    private static void end(JsonLine line, ConnectionRecord record, boolean close) {
        SpiffeId identity = record.source().identity();
        String address = record.source().address();
        line.text("id", record.id(), Facts.NAME);
        line.text(
                "inbound_remote_addr",
                (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":"
                        + record.source().port(),
                Facts.NAME);
        line.text("level", level(record, close), Facts.NAME);
        line.text("msg", close ? "CANONICAL-PROXY-CN-CLOSE" : "CANONICAL-PROXY-DECISION", Facts.NAME);
        optional(line, "outbound_remote_addr", record.route().dialled());
        String namespace = identity == null ? null : identity.namespace();
        line.text("project", namespace == null ? "" : namespace, SpiffeId.MAX_LENGTH);
        line.text("proxy_type", "connect", Facts.NAME);
        String host = Facts.host(record);
        line.text(
                "requested_host",
                host == null ? "" : host + ":" + record.names().port(),
                Facts.NAME);
        line.text("role", identity == null ? "" : identity.principal(), SpiffeId.MAX_LENGTH);
        line.text("start_time", record.time().toString(), Facts.NAME);
        Instant now = Facts.when(record);
        line.text("time", now.truncatedTo(ChronoUnit.SECONDS).toString(), Facts.NAME);
    }

    private static boolean wouldDeny(ConnectionRecord record) {
        return record.ruling().wouldDeny() != null || record.ruling().verdict() == Verdict.DENIED;
    }

    private static String decisionReason(ConnectionRecord record) {
        String rule = Facts.rule(record);
        String reason = Facts.reason(record);
        if (reason == null) {
            return rule == null ? "" : "allowed by " + rule;
        }
        return rule == null ? reason : reason + " by " + rule;
    }

    private static @Nullable String error(ConnectionRecord record) {
        if (record.ruling().reason() != null) {
            return record.ruling().message().isEmpty()
                    ? record.ruling().reason().description()
                    : record.ruling().message();
        }
        return record.traffic().flag().isEmpty() ? null : record.traffic().flag();
    }

    private static String level(ConnectionRecord record, boolean close) {
        if (close) {
            return "info";
        }
        return switch (record.ruling().verdict()) {
            case ALLOWED -> "info";
            case DENIED -> "warning";
            case FAILED -> "error";
        };
    }

    private static void millis(JsonLine line, String name, long nanos) {
        if (nanos >= 0) {
            line.number(name, Duration.ofNanos(nanos).toMillis());
        }
    }

    private static void optional(JsonLine line, String name, @Nullable String value) {
        if (value != null) {
            line.text(name, value, Facts.NAME);
        }
    }
}
