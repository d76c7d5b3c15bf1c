package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Names;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.ServerName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a record tells of a connection's verdict, and the attempt that was judged, so that it can be judged again.
 *
 * @param would whether it passed only because of an audit
 * @param reason the code of why it was not carried, or would not have been; empty where it was carried in order
 * @param message for people; may hold text of the client
 * @param rule the object that decided, as {@code kind/namespace/name[index]}; empty where none did
 * @param nearestMiss what would nearly have let it pass; empty where that was not told
 * @param digest of the policy, empty where none was asked
 * @param attempt null where the connection ended before any policy was asked
 */
public record RecordedConnection(
        String id,
        Instant time,
        Verdict verdict,
        boolean would,
        String reason,
        String message,
        String rule,
        String nearestMiss,
        String digest,
        @Nullable Attempt attempt) {

    public static RecordedConnection of(ConnectionRecord record) {
        Ruling ruling = record.ruling();
        String reason = ruling.reason() != null
                ? ruling.reason().code()
                : ruling.wouldDeny() != null ? ruling.wouldDeny().code() : "";
        return new RecordedConnection(
                record.id(),
                record.time(),
                ruling.verdict(),
                ruling.wouldDeny() != null,
                reason,
                ruling.message(),
                ruling.rule() == null ? "" : ruling.rule().toString(),
                ruling.nearestMiss(),
                ruling.digest(),
                ruling.digest().isEmpty() ? null : attempt(record));
    }

    private static @Nullable Attempt attempt(ConnectionRecord record) {
        HostPort target = target(record.names(), record.hello());
        ListenerKind listener = listener(record.listener());
        if (target == null || listener == null) {
            return null;
        }
        return new Attempt(
                record.id(),
                record.time(),
                listener,
                record.source().identity(),
                IpAddress.parse(record.source().address()),
                target,
                record.hello());
    }

    private static @Nullable HostPort target(Names names, @Nullable HelloFacts hello) {
        try {
            if (hello != null) {
                return new HostPort(hello.serverName(), names.port());
            }
            return names.connectName() == null ? null : new HostPort(new ServerName(names.connectName()), names.port());
        } catch (InvalidNameException e) {
            return null;
        }
    }

    private static @Nullable ListenerKind listener(String code) {
        for (ListenerKind kind : ListenerKind.values()) {
            if (kind.code().equals(code)) {
                return kind;
            }
        }
        return null;
    }
}
