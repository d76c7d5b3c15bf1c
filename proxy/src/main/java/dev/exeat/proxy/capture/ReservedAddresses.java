package dev.exeat.proxy.capture;

import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ServerName;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that stand for names, out of ranges where nobody lives. A name's address is computed from the name alone, so
 * that there is no table that could fill, a restart changes nothing, and several proxies give the same answers. Two
 * names share an address by chance (one of 131,070 in the usual IPv4 range); nothing but the check of {@link #agrees}
 * becomes weaker by it. Immutable.
 */
public final class ReservedAddresses {
    /**
     * Blocks for benchmarks of routers (RFC 2544 and RFC 5180), which are never routed, and which no site uses for its
     * own hosts, as it may use private and unique local addresses.
     */
    public static final List<Cidr> USUAL = List.of(Cidr.parse("198.18.0.0/15"), Cidr.parse("2001:2::/48"));

    private static final int FEWEST_BITS = 8;

    private final List<Cidr> ranges;
    private final List<String> searchDomains;

    /**
     * @param ranges one of IPv4, one of IPv6, or either; each with at least 256 addresses
     * @param searchDomains with which applications' resolvers may complete a name before they ask for it
     * @throws InvalidNameException if there are other ranges
     */
    public ReservedAddresses(List<Cidr> ranges, List<String> searchDomains) {
        for (Cidr range : ranges) {
            if (hostBits(range) < FEWEST_BITS) {
                throw new InvalidNameException(range + " has fewer than 256 addresses");
            }
        }
        boolean oneEach = ranges.stream().filter(r -> r.address().isV4()).count() <= 1
                && ranges.stream().filter(r -> !r.address().isV4()).count() <= 1;
        if (ranges.isEmpty() || !oneEach) {
            throw new InvalidNameException("give one range of IPv4 addresses, one of IPv6 addresses, or both");
        }
        this.ranges = List.copyOf(ranges);
        this.searchDomains = searchDomains.stream()
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static int hostBits(Cidr range) {
        return (range.address().isV4() ? 32 : 128) - range.prefix();
    }

    /**
     * The address of a name, or null where there is no range of that family.
     *
     * @param name without the dot at its end, in any letter case
     */
    public @Nullable IpAddress of(String name, boolean v4) {
        for (Cidr range : ranges) {
            if (range.address().isV4() == v4) {
                return within(range, digest(name.toLowerCase(Locale.ROOT)));
            }
        }
        return null;
    }

    /** Neither the first address of the range nor the last, which have meanings of their own (RFC 919, RFC 4291). */
    private static IpAddress within(Cidr range, byte[] digest) {
        int bits = hostBits(range);
        BigInteger inside = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.TWO);
        BigInteger host = new BigInteger(1, digest).mod(inside).add(BigInteger.ONE);
        BigInteger first =
                new BigInteger(1, range.address().octets()).shiftRight(bits).shiftLeft(bits);
        byte[] sum = first.or(host).toByteArray();
        byte[] octets = new byte[range.address().isV4() ? 4 : 16];
        int length = Math.min(sum.length, octets.length);
        System.arraycopy(sum, sum.length - length, octets, octets.length - length, length);
        return IpAddress.of(octets);
    }

    private static byte[] digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, 24);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Whether whoever connects to this address may mean this name: always outside the ranges; within them only where the
     * name's address is this one, or that of the name with one of the search domains.
     */
    public boolean agrees(IpAddress destination, ServerName name) {
        if (ranges.stream().noneMatch(range -> range.contains(destination))) {
            return true;
        }
        boolean v4 = destination.isV4();
        return Objects.equals(of(name.value(), v4), destination)
                || searchDomains.stream()
                        .anyMatch(domain -> Objects.equals(of(name.value() + "." + domain, v4), destination));
    }
}
