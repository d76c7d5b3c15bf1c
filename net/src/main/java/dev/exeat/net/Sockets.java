package dev.exeat.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Makes TCP sockets with the options that all of Exeat's have. Confined to one thread, like its memory. */
final class Sockets {
    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int STREAM_NONBLOCK_CLOEXEC = 1 | 0x800 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_LINGER = 13;
    private static final int SO_REUSEPORT = 15;
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    /** The same number for IPv6, as IP6T_SO_ORIGINAL_DST (Linux {@code linux/netfilter_ipv6/ip6_tables.h}). */
    private static final int SO_ORIGINAL_DST = 80;

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_QUICKACK = 12;
    private static final int BACKLOG = 4096;

    private final Kernel kernel;
    private final NativeScratch memory;

    Sockets(Kernel kernel, NativeScratch memory) {
        this.kernel = kernel;
        this.memory = memory;
    }

    /** A socket to connect with, or the negative error number; it gets its {@link #keepAlive} once it has lasted. */
    int open(InetSocketAddress address) {
        int fd = (int) kernel.call(A.socket(), SocketAddresses.family(address), STREAM_NONBLOCK_CLOEXEC, 0);
        if (fd >= 0) {
            option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        }
        return fd;
    }

    /**
     * The last acknowledgement of the handshake waits, at most for the 200 ms of a delayed one, for the bytes that are
     * sent as soon as the connection stands, and goes with them: a packet less. That this option of listeners (tcp(7))
     * does so for a connecting socket is Linux's custom; elsewhere it does nothing.
     */
    void speaksFirst(int fd) {
        option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 1);
    }

    /** Has the kernel ask a silent peer whether it is still there: after a minute, six times within another. */
    void keepAlive(int fd) {
        option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60);
        option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 10);
        option(fd, IPPROTO_TCP, TCP_KEEPCNT, 6);
        option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    }

    /** A listening socket whose connections inherit the options, or the negative error number. */
    int listen(InetSocketAddress address, boolean shared) {
        int fd = open(address);
        if (fd < 0) {
            return fd;
        }
        keepAlive(fd);
        option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        if (shared) {
            option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
        }
        int length = SocketAddresses.write(address, memory.address());
        long result = kernel.call(A.bind(), fd, memory.address().address(), length);
        if (result == 0) {
            result = kernel.call(A.listen(), fd, BACKLOG, 0);
        }
        if (result < 0) {
            kernel.close(fd);
            return (int) result;
        }
        return fd;
    }

    InetSocketAddress localAddress(int fd) {
        memory.length().set(ValueLayout.JAVA_INT, 0, NativeScratch.ADDRESS);
        kernel.call(
                A.getsockname(), fd, memory.address().address(), memory.length().address());
        return SocketAddresses.read(memory.address());
    }

    /**
     * Where an accepted connection was sent before the kernel redirected it here, or null if the kernel tracks no such
     * connection. Of one that was not redirected it is the local address.
     *
     * @param peer of the connection
     */
    @Nullable
    InetSocketAddress originalDestination(int fd, InetAddress peer) {
        // Of an IPv4 packet on an IPv6 socket, too, the JDK makes an Inet4Address.
        boolean v4 = peer instanceof Inet4Address;
        memory.length().set(ValueLayout.JAVA_INT, 0, NativeScratch.ADDRESS);
        long result = kernel.call(
                A.getsockopt(),
                fd,
                v4 ? SOL_IP : SOL_IPV6,
                SO_ORIGINAL_DST,
                memory.address().address(),
                memory.length().address(),
                0);
        return result == 0 ? SocketAddresses.read(memory.address()) : null;
    }

    /** The error that a connection attempt ended with, 0 if it succeeded. */
    int error(int fd) {
        MemorySegment value = memory.option();
        memory.length().set(ValueLayout.JAVA_INT, 0, 4);
        kernel.call(
                A.getsockopt(),
                fd,
                SOL_SOCKET,
                SO_ERROR,
                value.address(),
                memory.length().address(),
                0);
        return value.get(ValueLayout.JAVA_INT, 0);
    }

    /** Acknowledges at once what has arrived (tcp(7), TCP_QUICKACK). */
    void acknowledge(int fd) {
        option(fd, IPPROTO_TCP, TCP_QUICKACK, 1);
    }

    /** The next close sends RST. */
    void resetOnClose(int fd) {
        MemorySegment value = memory.option();
        value.set(ValueLayout.JAVA_INT, 0, 1);
        value.set(ValueLayout.JAVA_INT, 4, 0);
        kernel.call(A.setsockopt(), fd, SOL_SOCKET, SO_LINGER, value.address(), 8, 0);
    }

    private void option(int fd, int level, int name, int value) {
        memory.option().set(ValueLayout.JAVA_INT, 0, value);
        kernel.call(A.setsockopt(), fd, level, name, memory.option().address(), 4, 0);
    }
}
