package dev.exeat.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Writes and reads {@code sockaddr_in} and {@code sockaddr_in6} (ip(7), ipv6(7)). */
final class SocketAddresses {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int V4_LENGTH = 16;
    private static final int V6_LENGTH = 28;
    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    static int family(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 4 ? AF_INET : AF_INET6;
    }

    /** Answers the length of the structure. */
    static int write(InetSocketAddress address, MemorySegment to) {
        byte[] octets = address.getAddress().getAddress();
        boolean v4 = octets.length == 4;
        to.fill((byte) 0);
        to.set(ValueLayout.JAVA_SHORT, 0, (short) (v4 ? AF_INET : AF_INET6));
        to.set(PORT, 2, (short) address.getPort());
        MemorySegment.copy(octets, 0, to, ValueLayout.JAVA_BYTE, v4 ? 4 : 8, octets.length);
        return v4 ? V4_LENGTH : V6_LENGTH;
    }

    static InetSocketAddress read(MemorySegment from) {
        boolean v4 = from.get(ValueLayout.JAVA_SHORT, 0) == AF_INET;
        byte[] octets = new byte[v4 ? 4 : 16];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, v4 ? 4 : 8, octets, 0, octets.length);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), from.get(PORT, 2) & 0xffff);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
