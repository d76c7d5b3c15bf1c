package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes in directories, as inotify(7) tells them: unlike the portable way it says when a file that was written is
 * closed. Made for one watching thread, which {@link #close} from another one ends.
 */
public final class Inotify implements AutoCloseable {

    public enum Kind {
        /** A file that was open for writing was closed, or one was moved in. */
        WRITTEN,
        /** A file is being written; {@link #WRITTEN} follows when it is closed. */
        MODIFIED,
        /** A directory or a link appeared; a plain file that appears is told when it is closed. */
        CREATED,
        REMOVED,
        /** Changes came faster than they were taken: look at everything anew. */
        OVERFLOW
    }

    /** @param name within the directory; empty where the change concerns the directory itself */
    public record Change(Path directory, String name, Kind kind) {}

    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final int MODIFY = 0x2;
    private static final int CLOSE_WRITE = 0x8;
    private static final int MOVED_FROM = 0x40;
    private static final int MOVED_TO = 0x80;
    private static final int CREATE = 0x100;
    private static final int DELETE = 0x200;
    private static final int DELETE_SELF = 0x400;
    private static final int QUEUE_OVERFLOW = 0x4000;
    private static final int MASK = MODIFY | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF;
    private static final int POLLIN = 1;
    private static final int BUFFER = 64 * 1024;
    private static final int HEADER = 16;

    private final Arena arena = Arena.ofShared();
    private final Kernel kernel = new Kernel(arena);
    /** The wait is outside of the lock, so it has a place of its own for its error number. */
    private final Kernel waiter = new Kernel(arena);

    private final ReentrantLock waiting = new ReentrantLock();
    private final MemorySegment buffer = arena.allocate(BUFFER, 8);
    private final MemorySegment polled = arena.allocate(16, 8);
    private final MemorySegment timespec = arena.allocate(16, 8);
    private final Map<Integer, Path> watched = new HashMap<>();
    private final int inotify;
    private final int stop;
    private volatile boolean closed;

    private Inotify() {
        this.inotify = require(kernel.call(A.inotifyInit1(), CLOEXEC_NONBLOCK, 0, 0), "inotify_init1");
        this.stop = require(kernel.call(A.eventfd2(), 0, CLOEXEC_NONBLOCK, 0), "eventfd2");
    }

    /** @throws IllegalStateException if the system gives no more watchers (fs.inotify.max_user_instances) */
    public static Inotify open() {
        return new Inotify();
    }

    private static int require(long result, String call) {
        if (result < 0) {
            throw new IllegalStateException(
                    call + ": " + Errno.text((int) -result) + "; see the limits in /proc/sys/fs/inotify");
        }
        return (int) result;
    }

    /**
     * Watches one directory, without those below it; watching it again changes nothing.
     *
     * @throws IllegalStateException if it can't be watched
     */
    public synchronized void watch(Path directory) {
        if (closed) {
            throw new IllegalStateException("the watch is closed");
        }
        try (Arena own = Arena.ofConfined()) {
            MemorySegment path = own.allocateFrom(directory.toString(), StandardCharsets.UTF_8);
            int id = require(kernel.call(A.inotifyAddWatch(), inotify, path.address(), MASK), "watching " + directory);
            watched.put(id, directory);
        }
    }

    /**
     * Waits for changes.
     *
     * @return those that came, none after the time or when it was closed
     */
    public List<Change> await(Duration most) {
        waiting.lock();
        try {
            return closed || !ready(most) ? List.of() : take();
        } finally {
            waiting.unlock();
        }
    }

    private boolean ready(Duration most) {
        polled.set(ValueLayout.JAVA_INT, 0, inotify);
        polled.set(ValueLayout.JAVA_INT, 4, POLLIN);
        polled.set(ValueLayout.JAVA_INT, 8, stop);
        polled.set(ValueLayout.JAVA_INT, 12, POLLIN);
        timespec.set(ValueLayout.JAVA_LONG, 0, most.toSeconds());
        timespec.set(ValueLayout.JAVA_LONG, 8, most.toNanosPart());
        return waiter.block(A.ppoll(), polled.address(), 2, timespec.address(), 0, 8, 0) > 0;
    }

    private synchronized List<Change> take() {
        if (closed) {
            return List.of();
        }
        long length = kernel.call(A.read(), inotify, buffer.address(), BUFFER);
        List<Change> changes = new ArrayList<>();
        for (long at = 0; at < length; ) {
            int id = buffer.get(ValueLayout.JAVA_INT, at);
            int mask = buffer.get(ValueLayout.JAVA_INT, at + 4);
            int nameLength = buffer.get(ValueLayout.JAVA_INT, at + 12);
            String name = nameLength == 0 ? "" : buffer.getString(at + HEADER, StandardCharsets.UTF_8);
            Kind kind = kind(mask);
            Path directory = (mask & QUEUE_OVERFLOW) != 0 ? Path.of("") : watched.get(id);
            if (kind != null && directory != null) {
                changes.add(new Change(directory, name, kind));
            }
            at += HEADER + nameLength;
        }
        return changes;
    }

    private static @Nullable Kind kind(int mask) {
        if ((mask & QUEUE_OVERFLOW) != 0) {
            return Kind.OVERFLOW;
        }
        if ((mask & (CLOSE_WRITE | MOVED_TO)) != 0) {
            return Kind.WRITTEN;
        }
        if ((mask & MODIFY) != 0) {
            return Kind.MODIFIED;
        }
        if ((mask & CREATE) != 0) {
            return Kind.CREATED;
        }
        return (mask & (MOVED_FROM | DELETE | DELETE_SELF)) != 0 ? Kind.REMOVED : null;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Ends a wait that is under way; then the descriptors are released. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            try (Arena own = Arena.ofConfined()) {
                MemorySegment one = own.allocate(8, 8);
                one.set(ValueLayout.JAVA_LONG, 0, 1);
                kernel.call(A.write(), stop, one.address(), 8);
            }
        }
        waiting.lock();
        try {
            kernel.close(inotify);
            kernel.close(stop);
            arena.close();
        } finally {
            waiting.unlock();
        }
    }
}
