package dev.exeat.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Sends datagrams to a Unix socket (unix(7), SOCK_DGRAM), as local syslog daemons take them and the platform's own channels
 * can't. A call waits while the receiver's queue is full, for ten seconds at most. Confined to one thread.
 */
public final class UnixDatagrams implements AutoCloseable {
    /** Longest datagram, in octets; the kernel's usual limit is twice that. */
    public static final int LONGEST = 64 * 1024;

    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int AF_UNIX = 1;
    private static final int DATAGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int PATH_OFFSET = 2;
    private static final int MOST_PATH = 107;
    private static final long PATIENCE_SECONDS = 10;

    private final Arena arena = Arena.ofConfined();
    private final Kernel kernel = new Kernel(arena);
    private final MemorySegment datagram = arena.allocate(LONGEST, 8);
    private int fd = -1;

    private UnixDatagrams() {}

    /** @throws IOException if nobody takes datagrams there */
    public static UnixDatagrams connect(Path path) throws IOException {
        UnixDatagrams socket = new UnixDatagrams();
        try {
            socket.open(path);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void open(Path path) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > MOST_PATH) {
            throw new IOException("the path " + path + " is too long for a socket (" + MOST_PATH + " octets)");
        }
        fd = (int) require(kernel.call(A.socket(), AF_UNIX, DATAGRAM_CLOEXEC, 0), "socket");
        datagram.set(ValueLayout.JAVA_LONG, 0, PATIENCE_SECONDS);
        datagram.set(ValueLayout.JAVA_LONG, 8, 0);
        require(kernel.call(A.setsockopt(), fd, SOL_SOCKET, SO_SNDTIMEO, datagram.address(), 16, 0), "setsockopt");
        datagram.asSlice(0, PATH_OFFSET + MOST_PATH + 1).fill((byte) 0);
        datagram.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, datagram, ValueLayout.JAVA_BYTE, PATH_OFFSET, name.length);
        require(kernel.call(A.connect(), fd, datagram.address(), PATH_OFFSET + name.length + 1L), path.toString());
    }

    /**
     * Sends one datagram.
     *
     * @param length at most {@link #LONGEST}
     * @throws IOException if the receiver is gone, or takes nothing
     */
    public void send(byte[] bytes, int offset, int length) throws IOException {
        MemorySegment.copy(bytes, offset, datagram, ValueLayout.JAVA_BYTE, 0, length);
        require(kernel.block(A.sendto(), fd, datagram.address(), length, MSG_NOSIGNAL, 0, 0), "send");
    }

    private static long require(long result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + Errno.text((int) -result));
        }
        return result;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (fd >= 0) {
            kernel.close(fd);
            fd = -1;
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
