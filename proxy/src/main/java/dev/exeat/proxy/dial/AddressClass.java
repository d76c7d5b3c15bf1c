package dev.exeat.proxy.dial;

import java.util.Locale;

/** What kind of address it is, of those that are not plain public unicast addresses. */
public enum AddressClass {
    UNSPECIFIED,
    THIS_NETWORK,
    LOOPBACK,
    PRIVATE,
    UNIQUE_LOCAL,
    SITE_LOCAL,
    LINK_LOCAL,
    METADATA,
    CGNAT,
    PROTOCOL_ASSIGNMENT,
    DOCUMENTATION,
    BENCHMARK,
    MULTICAST,
    BROADCAST,
    RESERVED,
    DISCARD,
    ORCHID,
    SEGMENT_ROUTING,
    COMPATIBLE,
    NAT64,
    SIX_TO_FOUR("6to4"),
    SIX_TO_FOUR_RELAY("6to4_relay"),
    TEREDO,
    ISATAP;

    private final String code;

    AddressClass() {
        this.code = name().toLowerCase(Locale.ROOT);
    }

    AddressClass(String code) {
        this.code = code;
    }

    /** The spelling in records and messages, {@code snake_case}. */
    public String code() {
        return code;
    }
}
