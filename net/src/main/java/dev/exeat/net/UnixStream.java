package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket that carries messages with descriptors (unix(7), SCM_RIGHTS), which the platform's own channels can't.
 * A message is a line of text; the descriptors come with its first octet. Calls block; confined to one thread at a
 * time, but for {@link #close}.
 */
final class UnixStream implements AutoCloseable {
    /** SCM_MAX_FD of the kernel. */
    static final int MOST_DESCRIPTORS = 253;

    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int AF_UNIX = 1;
    private static final int STREAM_CLOEXEC = 1 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int CLOEXEC = 0x80000;
    private static final int PATH_OFFSET = 2;
    private static final int MOST_PATH = 107;
    private static final int MOST_LINE = 64 * 1024;
    /** Of struct msghdr: the two pointers, their lengths, the control data and its length. */
    private static final int MESSAGE = 56;

    private static final int CONTROL_HEADER = 16;

    /** Not closed by hand: a call of another thread may still use its memory when this is closed. */
    private final Arena arena = Arena.ofAuto();

    private final Kernel kernel = new Kernel(arena);
    private final MemorySegment octet = arena.allocate(8, 8);
    private final MemorySegment vector = arena.allocate(16, 8);
    private final MemorySegment message = arena.allocate(MESSAGE, 8);
    private final MemorySegment control = arena.allocate(CONTROL_HEADER + 4L * (MOST_DESCRIPTORS + 1), 8);
    private final List<Integer> received = new ArrayList<>();
    private final int fd;
    private volatile boolean closed;

    private UnixStream(int fd) {
        this.fd = fd;
    }

    /** Listens at a path, at which nothing may be. */
    static UnixStream listen(Path path) {
        UnixStream stream = open();
        try {
            try (Arena place = Arena.ofConfined()) {
                MemorySegment address = address(place, path);
                stream.require(stream.kernel.call(A.bind(), stream.fd, address.address(), address.byteSize()), "bind");
            }
            stream.require(stream.kernel.call(A.listen(), stream.fd, 1, 0), "listen");
            return stream;
        } catch (HandoverException e) {
            stream.close();
            throw e;
        }
    }

    static UnixStream connect(Path path) {
        UnixStream stream = open();
        try (Arena place = Arena.ofConfined()) {
            MemorySegment address = address(place, path);
            stream.require(
                    stream.kernel.block(A.connect(), stream.fd, address.address(), address.byteSize(), 0, 0, 0),
                    "connect");
            return stream;
        } catch (HandoverException e) {
            stream.close();
            throw e;
        }
    }

    private static UnixStream open() {
        try (Arena arena = Arena.ofConfined()) {
            long fd = new Kernel(arena).call(A.socket(), AF_UNIX, STREAM_CLOEXEC, 0);
            if (fd < 0) {
                throw new HandoverException("socket: " + Errno.text((int) -fd));
            }
            return new UnixStream((int) fd);
        }
    }

    private static MemorySegment address(Arena arena, Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > MOST_PATH) {
            throw new HandoverException("the path " + path + " is too long for a socket (" + MOST_PATH + " octets)");
        }
        MemorySegment address = arena.allocate(PATH_OFFSET + name.length + 1L, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, PATH_OFFSET, name.length);
        return address;
    }

    /** The next caller, or null once this is closed. */
    @Nullable
    UnixStream accept() {
        if (closed) {
            return null;
        }
        long result = kernel.block(A.accept4(), fd, 0, 0, CLOEXEC, 0, 0);
        return result < 0 ? null : new UnixStream((int) result);
    }

    /** No call on it waits longer than this. */
    void patience(Duration limit) {
        MemorySegment time = octetTime(limit);
        kernel.call(A.setsockopt(), fd, SOL_SOCKET, SO_RCVTIMEO, time.address(), 16, 0);
        kernel.call(A.setsockopt(), fd, SOL_SOCKET, SO_SNDTIMEO, time.address(), 16, 0);
    }

    private MemorySegment octetTime(Duration limit) {
        vector.set(ValueLayout.JAVA_LONG, 0, limit.toSeconds());
        vector.set(ValueLayout.JAVA_LONG, 8, limit.toNanosPart() / 1000);
        return vector;
    }

    /** @throws HandoverException if the other side does not take it */
    void send(String line, List<Integer> descriptors) {
        requireOpen();
        byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < octets.length; i++) {
            octet.set(ValueLayout.JAVA_BYTE, 0, octets[i]);
            prepare(i == 0 ? descriptors : List.of());
            require(kernel.block(A.sendmsg(), fd, message.address(), MSG_NOSIGNAL, 0, 0, 0), "sendmsg");
        }
    }

    private void prepare(List<Integer> descriptors) {
        long length = descriptors.isEmpty() ? 0 : CONTROL_HEADER + 4L * descriptors.size();
        control.set(ValueLayout.JAVA_LONG, 0, length);
        control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            control.set(ValueLayout.JAVA_INT, CONTROL_HEADER + 4L * i, descriptors.get(i));
        }
        lay(length == 0 ? 0 : (length + 7) / 8 * 8);
    }

    /** A message of one octet with so much room for control data. */
    private void lay(long controlLength) {
        vector.set(ValueLayout.JAVA_LONG, 0, octet.address());
        vector.set(ValueLayout.JAVA_LONG, 8, 1);
        message.fill((byte) 0);
        message.set(ValueLayout.JAVA_LONG, 16, vector.address());
        message.set(ValueLayout.JAVA_LONG, 24, 1);
        if (controlLength > 0) {
            message.set(ValueLayout.JAVA_LONG, 32, control.address());
            message.set(ValueLayout.JAVA_LONG, 40, controlLength);
        }
    }

    /** @throws HandoverException if the other side ends before its line does, or takes too long */
    String receive() {
        requireOpen();
        byte[] line = new byte[MOST_LINE];
        for (int length = 0; length < line.length; length++) {
            lay(control.byteSize());
            long result = kernel.block(A.recvmsg(), fd, message.address(), MSG_CMSG_CLOEXEC, 0, 0, 0);
            if (result == 0) {
                throw new HandoverException("the other process ended");
            }
            require(result, "recvmsg");
            keepDescriptors();
            byte next = octet.get(ValueLayout.JAVA_BYTE, 0);
            if (next == '\n') {
                return new String(line, 0, length, StandardCharsets.UTF_8);
            }
            line[length] = next;
        }
        throw new HandoverException("the other process sent too long a line");
    }

    private void keepDescriptors() {
        if (message.get(ValueLayout.JAVA_LONG, 40) < CONTROL_HEADER
                || control.get(ValueLayout.JAVA_INT, 8) != SOL_SOCKET
                || control.get(ValueLayout.JAVA_INT, 12) != SCM_RIGHTS) {
            return;
        }
        long length = Math.min(control.get(ValueLayout.JAVA_LONG, 0), control.byteSize());
        for (long at = CONTROL_HEADER; at + 4 <= length; at += 4) {
            received.add(control.get(ValueLayout.JAVA_INT, at));
        }
    }

    /** All descriptors that have come so far, which are the caller's from now on. */
    List<Integer> takeDescriptors() {
        List<Integer> taken = List.copyOf(received);
        received.clear();
        return taken;
    }

    /** After a close the number of the descriptor may be another's. */
    private void requireOpen() {
        if (closed) {
            throw new HandoverException("the socket is closed");
        }
    }

    private void require(long result, String call) {
        if (result < 0) {
            throw new HandoverException(call + ": " + Errno.text((int) -result));
        }
    }

    /** A call that waits on another thread ends. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            received.forEach(kernel::close);
            kernel.call(A.shutdown(), fd, 2, 0);
            kernel.close(fd);
        }
    }
}
