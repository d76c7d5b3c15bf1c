package dev.exeat.net;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A hashed timer wheel (Varghese and Lauck, scheme 6): setting and cancelling cost the same however many timers there
 * are. A task never runs early, and at most one tick late. Not thread-safe.
 */
final class TimerWheel {
    static final long TICK_NANOS = 8_000_000;
    private static final int SLOTS = 1024;
    private static final int MASK = SLOTS - 1;

    private final @Nullable Entry[] slots = new Entry[SLOTS];
    private final long[] occupied = new long[SLOTS / Long.SIZE];
    /** Taken out of their slots and not yet run; one of them may cancel another. */
    private final ArrayDeque<Entry> due = new ArrayDeque<>();

    private final long startNanos;
    private final Runnable confinement;
    private long tick;

    /** @param confinement throws where the wheel may not be touched */
    TimerWheel(long nowNanos, Runnable confinement) {
        this.startNanos = nowNanos;
        this.confinement = confinement;
    }

    Timeout schedule(long nowNanos, long delayNanos, Runnable task) {
        long deadline = Math.max(nowNanos + Math.max(delayNanos, 0) - startNanos, 0);
        // Rounded up, so that the slot is reached only when the deadline has passed.
        long due = Math.max((deadline + TICK_NANOS - 1) / TICK_NANOS, tick + 1);
        Entry entry = new Entry(due, task);
        int slot = (int) (due & MASK);
        entry.next = slots[slot];
        if (entry.next != null) {
            entry.next.previous = entry;
        }
        slots[slot] = entry;
        occupied[slot >> 6] |= 1L << slot;
        return entry;
    }

    /** How long until a slot with timers is due, or -1 if there is no timer. */
    long nanosToNext(long nowNanos) {
        int from = (int) ((tick + 1) & MASK);
        for (int i = 0; i <= occupied.length; i++) {
            int word = ((from >> 6) + i) % occupied.length;
            long bits = occupied[word];
            if (i == 0) {
                bits &= -1L << from;
            } else if (i == occupied.length) {
                bits &= ~(-1L << from);
            }
            if (bits != 0) {
                int slot = (word << 6) + Long.numberOfTrailingZeros(bits);
                long distance = ((slot - from) & MASK) + 1L;
                return Math.max((tick + distance) * TICK_NANOS + startNanos - nowNanos, 0);
            }
        }
        return -1;
    }

    /** Has run what is due. */
    void advance(long nowNanos, Executor executor) {
        long target = (nowNanos - startNanos) / TICK_NANOS;
        if (target - tick > SLOTS) {
            // After a long pause every slot is visited once; entries know their own time.
            long first = target - SLOTS;
            tick = target;
            for (long t = first + 1; t <= target; t++) {
                collect((int) (t & MASK), target);
            }
        }
        while (tick < target) {
            tick++;
            collect((int) (tick & MASK), tick);
        }
        for (Entry entry = due.poll(); entry != null; entry = due.poll()) {
            Runnable task = entry.task;
            if (task != null) {
                entry.task = null;
                executor.execute(task);
            }
        }
    }

    private void collect(int slot, long now) {
        Entry entry = slots[slot];
        while (entry != null) {
            Entry next = entry.next;
            if (entry.due <= now) {
                entry.unlink();
                due.add(entry);
            }
            entry = next;
        }
    }

    private final class Entry implements Timeout {
        private final long due;
        private @Nullable Runnable task;
        private @Nullable Entry next;
        /** Itself once it is in no slot any more. */
        private @Nullable Entry previous;

        Entry(long due, Runnable task) {
            this.due = due;
            this.task = task;
        }

        @Override
        public void cancel() {
            confinement.run();
            if (task != null) {
                task = null;
                if (previous != this) {
                    unlink();
                }
            }
        }

        private void unlink() {
            int slot = (int) (due & MASK);
            if (previous != null) {
                previous.next = next;
            } else {
                slots[slot] = next;
                if (next == null) {
                    occupied[slot >> 6] &= ~(1L << slot);
                }
            }
            if (next != null) {
                next.previous = previous;
            }
            next = null;
            previous = this;
        }
    }
}
