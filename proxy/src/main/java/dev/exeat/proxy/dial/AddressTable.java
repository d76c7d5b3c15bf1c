package dev.exeat.proxy.dial;

import dev.exeat.model.Cidr;
import dev.exeat.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address blocks that are never dialled without an exception, after the IANA special-purpose address registries
 * (RFC 6890) and the transition mechanisms that hide an IPv4 address in an IPv6 one. The JDK's own classifiers are
 * not used, because they know neither shared address space nor embedded addresses. Immutable.
 */
final class AddressTable {
    private record Block(Cidr cidr, AddressClass addressClass) {}

    private static final List<Block> BLOCKS = List.of(
            block("0.0.0.0/32", AddressClass.UNSPECIFIED),
            block("0.0.0.0/8", AddressClass.THIS_NETWORK),
            block("10.0.0.0/8", AddressClass.PRIVATE),
            block("100.100.100.200", AddressClass.METADATA),
            block("100.64.0.0/10", AddressClass.CGNAT),
            block("127.0.0.0/8", AddressClass.LOOPBACK),
            block("168.63.129.16", AddressClass.METADATA),
            block("169.254.169.254", AddressClass.METADATA),
            block("169.254.170.2", AddressClass.METADATA),
            block("169.254.0.0/16", AddressClass.LINK_LOCAL),
            block("172.16.0.0/12", AddressClass.PRIVATE),
            block("192.0.0.0/24", AddressClass.PROTOCOL_ASSIGNMENT),
            block("192.0.2.0/24", AddressClass.DOCUMENTATION),
            block("192.88.99.0/24", AddressClass.SIX_TO_FOUR_RELAY),
            block("192.168.0.0/16", AddressClass.PRIVATE),
            block("198.18.0.0/15", AddressClass.BENCHMARK),
            block("198.51.100.0/24", AddressClass.DOCUMENTATION),
            block("203.0.113.0/24", AddressClass.DOCUMENTATION),
            block("224.0.0.0/4", AddressClass.MULTICAST),
            block("255.255.255.255", AddressClass.BROADCAST),
            block("240.0.0.0/4", AddressClass.RESERVED),
            block("::/128", AddressClass.UNSPECIFIED),
            block("::1", AddressClass.LOOPBACK),
            block("::/96", AddressClass.COMPATIBLE),
            block("64:ff9b::/96", AddressClass.NAT64),
            block("64:ff9b:1::/48", AddressClass.NAT64),
            block("100::/64", AddressClass.DISCARD),
            block("2001::/32", AddressClass.TEREDO),
            block("2001:2::/48", AddressClass.BENCHMARK),
            block("2001:10::/28", AddressClass.ORCHID),
            block("2001:20::/28", AddressClass.ORCHID),
            block("2001:db8::/32", AddressClass.DOCUMENTATION),
            block("2002::/16", AddressClass.SIX_TO_FOUR),
            block("3fff::/20", AddressClass.DOCUMENTATION),
            block("5f00::/16", AddressClass.SEGMENT_ROUTING),
            block("fd00:ec2::254", AddressClass.METADATA),
            block("fd20:ce::254", AddressClass.METADATA),
            block("fc00::/7", AddressClass.UNIQUE_LOCAL),
            block("fe80::/10", AddressClass.LINK_LOCAL),
            block("fec0::/10", AddressClass.SITE_LOCAL),
            block("ff00::/8", AddressClass.MULTICAST));

    /** Every other IPv6 address outside it is not assigned to anybody (IANA IPv6 address space registry). */
    private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

    private static final Cidr MAPPED = Cidr.parse("::ffff:0:0/96");
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
    private static final Cidr COMPATIBLE = Cidr.parse("::/96");
    private static final Cidr TEREDO = Cidr.parse("2001::/32");
    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
    private static final Cidr NAT64_LOCAL = Cidr.parse("64:ff9b:1::/48");

    private final List<Cidr> nat64;

    /** @param nat64 the operator's own NAT64 prefixes, of the lengths of RFC 6052 section 2.2 */
    AddressTable(List<Cidr> nat64) {
        for (Cidr prefix : nat64) {
            if (prefix.address().isV4() || !List.of(32, 40, 48, 56, 64, 96).contains(prefix.prefix())) {
                throw new IllegalArgumentException("The NAT64 prefix " + prefix
                        + " is not an IPv6 block of length 32, 40, 48, 56, 64 or 96 (RFC 6052 section 2.2).");
            }
        }
        this.nat64 = List.copyOf(nat64);
    }

    private static Block block(String cidr, AddressClass addressClass) {
        return new Block(Cidr.parse(cidr), addressClass);
    }

    /** The class of the address itself, or null for one that may be dialled. */
    @Nullable
    AddressClass classify(IpAddress address) {
        for (Block block : BLOCKS) {
            if (block.cidr.contains(address)) {
                return block.addressClass;
            }
        }
        if (address.isV4() || MAPPED.contains(address)) {
            return null;
        }
        for (Cidr prefix : nat64) {
            if (prefix.contains(address)) {
                return AddressClass.NAT64;
            }
        }
        if (isIsatap(address)) {
            return AddressClass.ISATAP;
        }
        return GLOBAL_UNICAST.contains(address) ? null : AddressClass.RESERVED;
    }

    /** The IPv4 addresses that the address carries within it and that a router may unwrap; none for most. */
    List<IpAddress> embedded(IpAddress address) {
        if (address.isV4()) {
            return List.of();
        }
        List<IpAddress> inner = new ArrayList<>(2);
        if (MAPPED.contains(address) || COMPATIBLE.contains(address) || NAT64.contains(address)) {
            inner.add(address.lastFourOctets());
        } else if (TEREDO.contains(address)) {
            inner.add(octets(address, 4, 5, 6, 7));
            inner.add(inverted(address.lastFourOctets()));
        } else if (SIX_TO_FOUR.contains(address)) {
            inner.add(octets(address, 2, 3, 4, 5));
        } else if (NAT64_LOCAL.contains(address)) {
            inner.add(octets(address, 6, 7, 9, 10));
            inner.add(address.lastFourOctets());
        }
        if (isIsatap(address)) {
            inner.add(address.lastFourOctets());
        }
        for (Cidr prefix : nat64) {
            if (prefix.contains(address)) {
                inner.add(unwrapNat64(address, prefix.prefix()));
            }
        }
        return inner;
    }

    /** RFC 5214 section 6.1: the interface identifier is 00-00-5E-FE or 02-00-5E-FE and an IPv4 address. */
    private static boolean isIsatap(IpAddress address) {
        return (address.octet(8) & 0xfd) == 0
                && address.octet(9) == 0
                && address.octet(10) == 0x5e
                && address.octet(11) == 0xfe;
    }

    /** RFC 6052 section 2.2: octet 8 is skipped, whatever the prefix length. */
    private static IpAddress unwrapNat64(IpAddress address, int length) {
        return switch (length) {
            case 32 -> octets(address, 4, 5, 6, 7);
            case 40 -> octets(address, 5, 6, 7, 9);
            case 48 -> octets(address, 6, 7, 9, 10);
            case 56 -> octets(address, 7, 9, 10, 11);
            case 64 -> octets(address, 9, 10, 11, 12);
            default -> address.lastFourOctets();
        };
    }

    private static IpAddress octets(IpAddress address, int a, int b, int c, int d) {
        return IpAddress.of(new byte[] {
            (byte) address.octet(a), (byte) address.octet(b), (byte) address.octet(c), (byte) address.octet(d)
        });
    }

    /** Teredo stores the client's address with every bit turned over (RFC 4380 section 4). */
    private static IpAddress inverted(IpAddress address) {
        byte[] octets = address.octets();
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) ~octets[i];
        }
        return IpAddress.of(octets);
    }
}
