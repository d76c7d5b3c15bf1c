package dev.exeat.cli;

import java.util.concurrent.atomic.AtomicLong;

/** Shows on a terminal how much of a long work is done; quiet elsewhere, and where the work is short. Thread-safe. */
public final class Progress implements AutoCloseable {
    private static final long SHORT_NANOS = 500_000_000;
    private static final long STEP_NANOS = 100_000_000;
    private static final int HUNDRED = 100;

    private final Console console;
    private final long all;
    private final String unit;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong next = new AtomicLong(System.nanoTime() + SHORT_NANOS);
    private volatile boolean shown;

    /**
     * @param all how much there is to do; 0 where nobody knows
     * @param unit of what, as in {@code pairs}
     */
    public Progress(Console console, long all, String unit) {
        this.console = console;
        this.all = all;
        this.unit = unit;
    }

    public void add(long more) {
        long now = done.addAndGet(more);
        long due = next.get();
        long time = System.nanoTime();
        if (console.colouredErr() && time - due >= 0 && next.compareAndSet(due, time + STEP_NANOS)) {
            shown = true;
            if (all == 0) {
                console.err().printf("\r%d %s", now, unit);
            } else {
                console.err().printf("\r%3d %% of %d %s", Math.min(HUNDRED, now * HUNDRED / all), all, unit);
            }
        }
    }

    /** Wipes the line. */
    @Override
    public void close() {
        if (shown) {
            console.err().print("\r\u001b[K");
        }
    }
}
