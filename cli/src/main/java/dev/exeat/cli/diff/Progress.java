package dev.exeat.cli.diff;

import dev.exeat.cli.Console;
import java.util.concurrent.atomic.AtomicLong;

/** Shows on a terminal how much of a long work is done; quiet elsewhere, and where the work is short. Thread-safe. */
final class Progress implements AutoCloseable {
    private static final long SHORT_NANOS = 500_000_000;
    private static final long STEP_NANOS = 100_000_000;
    private static final int HUNDRED = 100;

    private final Console console;
    private final long all;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong next = new AtomicLong(System.nanoTime() + SHORT_NANOS);
    private volatile boolean shown;

    Progress(Console console, long all) {
        this.console = console;
        this.all = all;
    }

    void add(long more) {
        long now = done.addAndGet(more);
        long due = next.get();
        long time = System.nanoTime();
        if (console.colouredErr() && time - due >= 0 && next.compareAndSet(due, time + STEP_NANOS)) {
            shown = true;
            console.err().printf("\r%3d %% of %d pairs", now * HUNDRED / all, all);
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
