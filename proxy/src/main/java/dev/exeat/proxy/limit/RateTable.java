package dev.exeat.proxy.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How fast each key may go on: a token bucket for each, kept as the time at which it would be full again (GCRA, ITU-T
 * I.371). A bucket that is full is the same as none, so leaving those out forgets nothing, and nobody gains by driving
 * others out: when more keys than the table holds are short of tokens, those beyond it share one bucket. Thread-safe.
 *
 * @param <K> who is counted
 */
public final class RateTable<K> {
    private static final int MAX_KEYS = 65_536;
    private static final long NANOS = 1_000_000_000;

    private final LongSupplier nanos;
    private final int maxKeys;
    private final long interval;
    private final long tolerance;
    private final ConcurrentMap<K, Long> fullAt = new ConcurrentHashMap<>();
    private final AtomicLong sharedFullAt;
    private final AtomicLong nextSweep;

    /**
     * @param perSecond tokens that a bucket gains, 1 to 1,000,000,000
     * @param burst tokens that it holds at most, at least 1
     * @param nanos a clock as {@link System#nanoTime}
     */
    public RateTable(int perSecond, int burst, LongSupplier nanos) {
        this(perSecond, burst, nanos, MAX_KEYS);
    }

    RateTable(int perSecond, int burst, LongSupplier nanos, int maxKeys) {
        if (perSecond < 1 || perSecond > NANOS || burst < 1) {
            throw new IllegalArgumentException("a rate is 1 to 1,000,000,000 per second, a burst at least 1");
        }
        this.nanos = nanos;
        this.maxKeys = maxKeys;
        this.interval = NANOS / perSecond;
        this.tolerance = (burst - 1) * interval;
        long now = nanos.getAsLong();
        this.sharedFullAt = new AtomicLong(now);
        this.nextSweep = new AtomicLong(now);
    }

    /** Takes a token of the key's bucket; false where there is none. */
    public boolean take(K key) {
        long now = nanos.getAsLong();
        if (fullAt.size() >= maxKeys && !fullAt.containsKey(key) && !sweep(now)) {
            return takeShared(now);
        }
        boolean[] taken = new boolean[1];
        fullAt.compute(key, (_, full) -> {
            long from = full == null || full - now < 0 ? now : full;
            taken[0] = from - now <= tolerance;
            return taken[0] ? Long.valueOf(from + interval) : full;
        });
        return taken[0];
    }

    private boolean takeShared(long now) {
        while (true) {
            long full = sharedFullAt.get();
            long from = full - now < 0 ? now : full;
            if (from - now > tolerance) {
                return false;
            }
            if (sharedFullAt.compareAndSet(full, from + interval)) {
                return true;
            }
        }
    }

    /** Leaves out what is full again, at most once a second; true if there is room now. */
    private boolean sweep(long now) {
        long due = nextSweep.get();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + NANOS)) {
            fullAt.values().removeIf(full -> full - now <= 0);
        }
        return fullAt.size() < maxKeys;
    }

    /** How many keys are remembered. */
    int keys() {
        return fullAt.size();
    }
}
