package dev.exeat.policy.cexl;

import dev.exeat.model.IpAddress;

/** Addresses as Go compares them. */
public final class Addresses {
    private static final int PREFIX = 12;

    private Addresses() {}

    /** The IPv4 address where this is its IPv4-mapped IPv6 form (RFC 4291 section 2.5.5.2), else the same address. */
    public static IpAddress unmapped(IpAddress address) {
        if (address.isV4()) {
            return address;
        }
        for (int i = 0; i < PREFIX; i++) {
            if (address.octet(i) != (i < PREFIX - 2 ? 0 : 0xff)) {
                return address;
            }
        }
        return address.lastFourOctets();
    }
}
