package dev.exeat.proxy;

import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are open, so that there can be no more than allowed and a drain knows when all are done. Safe
 * for any thread.
 *
 * @param <C> what is open
 */
public final class OpenConnections<C extends OpenConnections.Open> {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration CUT = Duration.ofSeconds(2);

    /** A connection that can be ended from outside its loop. */
    public interface Open {
        /** Where it came in. */
        ListenerKind listener();

        /** Ends the connection; callable from any thread, more than once. */
        void cut();

        /** Takes on nothing more; callable from any thread. Most connections carry one thing only and just go on. */
        default void drain() {}
    }

    private final int limit;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Set<C> open = ConcurrentHashMap.newKeySet();

    public OpenConnections(int limit) {
        this.limit = limit;
    }

    /** Counts a new connection, or says why it may not come in; each null is answered by one {@link #leave}. */
    public @Nullable Reason enter(C connection) {
        if (draining.get()) {
            return Reason.DRAINING;
        }
        if (count.incrementAndGet() > limit) {
            count.decrementAndGet();
            return Reason.LIMIT_GLOBAL;
        }
        open.add(connection);
        return null;
    }

    public void leave(C connection) {
        if (open.remove(connection)) {
            count.decrementAndGet();
        }
    }

    /** Those that are open; weakly consistent while some come and go. */
    public Collection<C> all() {
        return Collections.unmodifiableCollection(open);
    }

    public int count() {
        return count.get();
    }

    /** How many of them came in on such a listener. */
    public int count(ListenerKind listener) {
        return (int) open.stream()
                .filter(connection -> connection.listener() == listener)
                .count();
    }

    /** Lets none in any more, and tells those that are open. */
    public void beginDrain() {
        draining.set(true);
        open.forEach(Open::drain);
    }

    public boolean isDraining() {
        return draining.get();
    }

    /**
     * Takes no new connections, waits until the open ones have ended, and cuts those left when the time is over.
     *
     * @return how many were cut
     */
    public int drain(Duration limit) throws InterruptedException {
        beginDrain();
        long deadline = System.nanoTime() + limit.toNanos();
        while (count.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(POLL);
        }
        int left = open.size();
        open.forEach(Open::cut);
        long cutDeadline = System.nanoTime() + CUT.toNanos();
        while (count.get() > 0 && System.nanoTime() < cutDeadline) {
            Thread.sleep(POLL);
        }
        return left;
    }
}
