package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.PolicyRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What several forms read out of a record in the same way. */
public final class Facts {
    /** The lengths after which texts are cut off. */
    static final int NAME = 255;

    static final int TEXT = 1024;

    /** How many entries of a list are told. */
    static final int LIST = 64;

    private Facts() {}

    /** The moment that the record tells of. */
    public static Instant when(ConnectionRecord record) {
        return record.time().plusNanos(Math.max(0, record.durations().total()));
    }

    /** The host that was asked for: that of the ClientHello, else of the CONNECT, else of the outer handshake. */
    public static @Nullable String host(ConnectionRecord record) {
        HelloFacts hello = record.hello();
        if (hello != null) {
            return hello.serverName().value();
        }
        String connect = record.names().connectName();
        return connect != null ? connect : record.names().outerSni();
    }

    /** The reason's code, else that of the denial which only audit mode prevented; null for neither. */
    static @Nullable String reason(ConnectionRecord record) {
        ConnectionRecord.Ruling ruling = record.ruling();
        if (ruling.reason() != null) {
            return ruling.reason().code();
        }
        return ruling.wouldDeny() == null ? null : ruling.wouldDeny().code();
    }

    /** The rule that decided, as {@code kind/namespace/name} with its index; null for none. */
    static @Nullable String rule(ConnectionRecord record) {
        PolicyRef rule = record.ruling().rule();
        return rule == null ? null : rule.object() + "[" + rule.index() + "]";
    }

    /** The address of an {@code address:port}, without the brackets of IPv6. */
    static String address(String dialled) {
        String host = dialled.substring(0, dialled.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    static int port(String dialled) {
        return Integer.parseInt(dialled.substring(dialled.lastIndexOf(':') + 1));
    }
}
