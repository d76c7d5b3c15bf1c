package dev.exeat.proxy;

import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.proxy.limit.IdentityQuota;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
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

        /** Whose it is, or null where that is not known or not counted. */
        default @Nullable SpiffeId identity() {
            return null;
        }

        /** Ends the connection; callable from any thread, more than once. */
        void cut();

        /** Takes on nothing more; callable from any thread. Most connections carry one thing only and just go on. */
        default void drain() {}
    }

    private final int limit;
    private final @Nullable IdentityQuota quota;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Set<C> open = ConcurrentHashMap.newKeySet();

    public OpenConnections(int limit) {
        this(limit, null);
    }

    /** @param quota of each identity, or null for none */
    public OpenConnections(int limit, @Nullable IdentityQuota quota) {
        this.limit = limit;
        this.quota = quota;
    }

    /** Counts a new connection, or says why it may not come in; each null is answered by one {@link #leave}. */
    public @Nullable Reason enter(C connection) {
        Reason refused = admit(connection.identity());
        if (refused == null) {
            open.add(connection);
        }
        return refused;
    }

    /**
     * Counts a connection that does not exist yet, so that its client can be told in the answer to its request. Each
     * null is answered by one {@link #entered}, or one {@link #giveBack} where nothing came of it.
     */
    public @Nullable Reason admit(@Nullable SpiffeId identity) {
        if (draining.get()) {
            return Reason.DRAINING;
        }
        if (count.incrementAndGet() > limit) {
            count.decrementAndGet();
            return Reason.LIMIT_GLOBAL;
        }
        Reason refused = quota == null || identity == null ? null : quota.enter(identity);
        if (refused != null) {
            count.decrementAndGet();
        }
        return refused;
    }

    /** The connection that was admitted exists now. */
    public void entered(C connection) {
        open.add(connection);
    }

    /** Nothing came of an admission. */
    public void giveBack(@Nullable SpiffeId identity) {
        count.decrementAndGet();
        if (quota != null && identity != null) {
            quota.leave(identity);
        }
    }

    public void leave(C connection) {
        if (open.remove(connection)) {
            giveBack(connection.identity());
        }
    }

    public int limit() {
        return limit;
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
        awaitNone(limit);
        Set<C> cut = new HashSet<>();
        long deadline = System.nanoTime() + CUT.toNanos();
        // One that was admitted before the drain may come into being at any moment yet.
        while (count.get() > 0 && System.nanoTime() < deadline) {
            for (C connection : open) {
                if (cut.add(connection)) {
                    connection.cut();
                }
            }
            if (count.get() > 0) {
                Thread.sleep(POLL);
            }
        }
        return cut.size();
    }

    /** Waits until none is open, or the time is over. */
    void awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (count.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(POLL);
        }
    }
}
