package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The pipes through which a loop splices. Pipes are capped in size and number, because a user without privileges may
 * have only so many pages in pipes ({@code /proc/sys/fs/pipe-user-pages-soft}); without a pipe a relay copies.
 */
final class PipePool {
    /** A pipe between two sockets; empty whenever it is in the pool. */
    record Pipe(int readEnd, int writeEnd) {}

    static final int CAPACITY = 256 * 1024;
    private static final int MOST = 128;
    private static final int IDLE = 32;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final Architecture A = Kernel.ARCHITECTURE;

    private final Kernel kernel;
    private final MemorySegment ends;
    private final ArrayDeque<Pipe> idle = new ArrayDeque<>();
    private int made;

    PipePool(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.ends = arena.allocate(8, 4);
    }

    /** An empty pipe, or null if there can be no more. */
    @Nullable
    Pipe take() {
        Pipe pooled = idle.pollLast();
        if (pooled != null) {
            return pooled;
        }
        if (made >= MOST || kernel.call(A.pipe2(), ends.address(), CLOEXEC_NONBLOCK, 0) < 0) {
            return null;
        }
        made++;
        Pipe pipe = new Pipe(ends.get(ValueLayout.JAVA_INT, 0), ends.get(ValueLayout.JAVA_INT, 4));
        // Where the limit forbids it the pipe keeps its default size, which works as well.
        kernel.call(A.fcntl(), pipe.writeEnd, F_SETPIPE_SZ, CAPACITY);
        return pipe;
    }

    /** Gives a pipe back; one that still holds bytes is closed. */
    void giveBack(Pipe pipe, boolean empty) {
        if (empty && idle.size() < IDLE) {
            idle.addLast(pipe);
        } else {
            discard(pipe);
        }
    }

    private void discard(Pipe pipe) {
        kernel.close(pipe.readEnd);
        kernel.close(pipe.writeEnd);
        made--;
    }

    void close() {
        idle.forEach(this::discard);
        idle.clear();
    }
}
