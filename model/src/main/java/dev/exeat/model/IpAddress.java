package dev.exeat.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * An IPv4 or IPv6 address as its 4 or 16 octets. Text is read by strict rules of our own, because
 * {@link InetAddress#getByName} takes names, octal and short forms. Immutable.
 */
public final class IpAddress implements Comparable<IpAddress> {
    private final byte[] octets;

    private IpAddress(byte[] octets) {
        this.octets = octets;
    }

    /** @throws InvalidNameException unless there are 4 or 16 octets */
    public static IpAddress of(byte[] octets) {
        if (octets.length != 4 && octets.length != 16) {
            throw new InvalidNameException("an address has 4 or 16 octets");
        }
        return new IpAddress(octets.clone());
    }

    public static IpAddress of(InetAddress address) {
        return new IpAddress(address.getAddress());
    }

    /**
     * Reads dotted IPv4 with four decimal parts or IPv6 text (RFC 4291 section 2.2), without brackets or zone.
     *
     * @throws InvalidNameException if it is neither
     */
    public static IpAddress parse(String text) {
        byte[] parsed = text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
        if (parsed.length == 0) {
            throw new InvalidNameException("not an IPv4 or IPv6 address");
        }
        return new IpAddress(parsed);
    }

    private static final byte[] NONE = {};

    private static byte[] parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return NONE;
        }
        byte[] result = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            boolean digits =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || (part.length() > 1 && part.charAt(0) == '0') || Integer.parseInt(part) > 255) {
                return NONE;
            }
            result[i] = (byte) Integer.parseInt(part);
        }
        return result;
    }

    private static byte[] parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return NONE;
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        byte[] tail = gap < 0 ? NONE : groups(text.substring(gap + 2), true);
        boolean headMissing = head.length == 0 && !(gap == 0);
        boolean tailMissing = gap >= 0 && tail.length == 0 && gap + 2 != text.length();
        int total = head.length + tail.length;
        if (headMissing || tailMissing || (gap < 0 ? total != 16 : total > 14)) {
            return NONE;
        }
        byte[] result = new byte[16];
        System.arraycopy(head, 0, result, 0, head.length);
        System.arraycopy(tail, 0, result, 16 - tail.length, tail.length);
        return result;
    }

    private static byte[] groups(String text, boolean mayEndInV4) {
        if (text.isEmpty()) {
            return NONE;
        }
        String[] parts = text.split(":", -1);
        byte[] result = new byte[parts.length * 2 + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (mayEndInV4 && i == parts.length - 1 && part.indexOf('.') >= 0) {
                byte[] v4 = parseV4(part);
                if (v4.length == 0) {
                    return NONE;
                }
                System.arraycopy(v4, 0, result, length, 4);
                length += 4;
                continue;
            }
            if (part.isEmpty()
                    || part.length() > 4
                    || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                return NONE;
            }
            int group = Integer.parseInt(part, 16);
            result[length++] = (byte) (group >> 8);
            result[length++] = (byte) group;
        }
        return length > 16 ? NONE : Arrays.copyOf(result, length);
    }

    /** A copy of the octets in network order. */
    public byte[] octets() {
        return octets.clone();
    }

    public boolean isV4() {
        return octets.length == 4;
    }

    /** The octet at an index, 0 to 255. */
    public int octet(int index) {
        return octets[index] & 0xff;
    }

    /** The IPv4 address held in the last four octets: of a mapped, compatible or NAT64 address. */
    public IpAddress lastFourOctets() {
        return new IpAddress(Arrays.copyOfRange(octets, octets.length - 4, octets.length));
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int compareTo(IpAddress other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** Dotted decimal, or IPv6 text as RFC 5952 recommends it. */
    @Override
    public String toString() {
        if (isV4()) {
            return octet(0) + "." + octet(1) + "." + octet(2) + "." + octet(3);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = octet(2 * i) << 8 | octet(2 * i + 1);
        }
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int j = i;
            while (j < 8 && groups[j] == 0) {
                j++;
            }
            if (j - i > gapLength) {
                gapStart = i;
                gapLength = j - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
