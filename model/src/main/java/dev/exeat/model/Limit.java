package dev.exeat.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a peer cannot have more of. Each limit is told by the name of the option that sets it; that it was reached shows
 * as a reason, or as the flag of a connection that was carried before.
 */
public enum Limit {
    CONNECTIONS("max-connections", Reason.LIMIT_GLOBAL),
    CONNECTIONS_PER_SOURCE("max-connections-per-source", Reason.LIMIT_SOURCE),
    CONNECTIONS_PER_IDENTITY("max-connections-per-identity", Reason.LIMIT_IDENTITY),
    RATE_PER_IDENTITY("connection-rate-per-identity", Reason.LIMIT_RATE),
    TUNNELS_PER_CONNECTION("max-tunnels-per-connection", Reason.LIMIT_TUNNELS),
    H2_FLOOD("h2-flood-limit", Reason.PROTOCOL_ABUSE),
    HANDSHAKE_TIME("handshake-timeout", Reason.HANDSHAKE_TIMEOUT),
    HELLO_SIZE("hello-limit", Reason.HELLO_TOO_LARGE),
    HELLO_TIME("hello-timeout", Reason.HELLO_TIMEOUT),
    IDLE_TIME("idle-timeout", "idle"),
    TUNNEL_TIME("tunnel-timeout", "too_long"),
    DNS_TIME("dns-timeout", Reason.DNS_TIMEOUT),
    DNS_SIZE("dns-max-size", Reason.DNS_TOO_LARGE),
    DNS_RECORDS("dns-max-records", Reason.DNS_TOO_MANY),
    DNS_CNAMES("dns-max-cnames", Reason.DNS_TOO_DEEP);

    private static final Map<Reason, Limit> BY_REASON = byReason();

    private final String option;
    private final @Nullable Reason reason;
    private final String flag;

    Limit(String option, Reason reason) {
        this.option = option;
        this.reason = reason;
        this.flag = "";
    }

    Limit(String option, String flag) {
        this.option = option;
        this.reason = null;
        this.flag = flag;
    }

    private static Map<Reason, Limit> byReason() {
        Map<Reason, Limit> map = new EnumMap<>(Reason.class);
        for (Limit limit : values()) {
            if (limit.reason != null) {
                map.put(limit.reason, limit);
            }
        }
        return map;
    }

    /** The option that sets it, without its dashes. */
    public String option() {
        return option;
    }

    /** The reason of those it refuses; null where it ends what was carried. */
    public @Nullable Reason reason() {
        return reason;
    }

    /** The flag in the record of a connection that it ended; empty where it refuses. */
    public String flag() {
        return flag;
    }

    /** The limit that gives the reason, or null. */
    public static @Nullable Limit of(Reason reason) {
        return BY_REASON.get(reason);
    }

    /** The limit that ends connections with the flag, or null. */
    public static @Nullable Limit ofFlag(String flag) {
        return flag.isEmpty()
                ? null
                : Arrays.stream(values())
                        .filter(limit -> limit.flag.equals(flag))
                        .findFirst()
                        .orElse(null);
    }
}
