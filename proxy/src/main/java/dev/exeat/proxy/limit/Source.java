package dev.exeat.proxy.limit;

import dev.exeat.model.IpAddress;
import java.util.Arrays;

/** Whom an address stands for: an IPv4 address for itself, an IPv6 address for its /64, of which one host has all. */
public final class Source {
    private static final int V6_PREFIX = 8;

    private Source() {}

    public static IpAddress of(IpAddress address) {
        if (address.isV4()) {
            return address;
        }
        byte[] octets = address.octets();
        if (isMapped(octets)) {
            return IpAddress.of(Arrays.copyOfRange(octets, 12, 16));
        }
        Arrays.fill(octets, V6_PREFIX, octets.length, (byte) 0);
        return IpAddress.of(octets);
    }

    /** RFC 4291 section 2.5.5.2: an IPv4 client of a socket for both families. */
    private static boolean isMapped(byte[] octets) {
        for (int i = 0; i < 10; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return octets[10] == -1 && octets[11] == -1;
    }
}
