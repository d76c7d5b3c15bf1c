package dev.exeat.cli;

import java.util.Locale;
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
    private final AtomicLong first = new AtomicLong();
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
        done.addAndGet(more);
        show();
    }

    /**
     * One more was looked at, of those that stand in a row of which not all are wanted. What is behind its place in the
     * row is done, and all there is to do lies between the first place that is told and the end of the row.
     */
    public void at(long place) {
        first.compareAndSet(0, place);
        done.accumulateAndGet(place, Math::max);
        show();
    }

    private void show() {
        long due = next.get();
        long time = System.nanoTime();
        if (console.colouredErr() && time - due >= 0 && next.compareAndSet(due, time + STEP_NANOS)) {
            shown = true;
            console.err().print("\r" + text());
        }
    }

    String text() {
        long from = first.get();
        long part = (done.get() - from) * HUNDRED / Math.max(1, all - from);
        return all == 0
                ? done.get() + " " + unit
                : String.format(Locale.ROOT, "%3d %% of %d %s", Math.min(HUNDRED, part), all - from, unit);
    }

    /** Wipes the line. */
    @Override
    public void close() {
        if (shown) {
            console.err().print("\r\u001b[K");
        }
    }
}
