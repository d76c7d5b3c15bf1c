package dev.exeat.control.store;

import dev.exeat.control.store.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a scope from a version on, in their order and without a gap. A reader that falls behind by more than
 * {@value #MOST} changes is told to list again. Thread-safe; meant for one reader.
 */
public final class ObjectWatch implements AutoCloseable {
    static final int MOST = 10_000;

    private final Predicate<StoreKey> wanted;
    private final Consumer<ObjectWatch> onClose;
    private final Deque<Change> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private long seen;
    private boolean behind;
    private boolean closed;

    /**
     * @param past what has happened since the version that the reader knows
     * @param seen the version of the store now
     */
    ObjectWatch(Predicate<StoreKey> wanted, Collection<Change> past, long seen, Consumer<ObjectWatch> onClose) {
        this.wanted = wanted;
        this.onClose = onClose;
        this.seen = seen;
        past.stream().filter(change -> wanted.test(change.object().key())).forEach(waiting::add);
    }

    void offer(Change change) {
        lock.lock();
        try {
            seen = change.resourceVersion();
            if (!wanted.test(change.object().key())) {
                return;
            }
            if (waiting.size() >= MOST) {
                behind = true;
                waiting.clear();
            }
            if (!behind) {
                waiting.add(change);
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Tells the reader to list again. */
    void expire() {
        lock.lock();
        try {
            behind = true;
            waiting.clear();
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next change; null if none comes in time, or before this is closed.
     *
     * @throws StoreException EXPIRED if the reader fell behind
     */
    public @Nullable Change next(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (waiting.isEmpty() && !behind && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            if (behind) {
                throw new StoreException(Kind.EXPIRED, "the watch fell behind; list again", null);
            }
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #next} has something to say at once. */
    public boolean hasMore() {
        lock.lock();
        try {
            return behind || !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The version up to which nothing is missing, once {@link #next} has nothing more; for bookmarks. */
    public long resourceVersion() {
        lock.lock();
        try {
            return waiting.isEmpty() ? seen : waiting.peek().resourceVersion() - 1;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        onClose.accept(this);
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
