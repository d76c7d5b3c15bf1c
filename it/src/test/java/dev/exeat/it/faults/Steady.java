package dev.exeat.it.faults;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Visits of one kind that begin at fixed times, whatever became of those before. Thread-safe. */
final class Steady implements AutoCloseable {
    private static final long END_NANOS = 60_000_000_000L;

    private final Queue<Visit> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Supplier<Visit> visit;

    private Steady(Supplier<Visit> visit) {
        this.visit = visit;
    }

    /** Begins; {@code visit} is called on a thread of its own each time. */
    static Steady start(int perSecond, Supplier<Visit> visit) {
        Steady steady = new Steady(visit);
        steady.clock.scheduleAtFixedRate(steady::tick, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
        return steady;
    }

    /** The same for so long; returns when the last has ended. */
    static Visits during(int perSecond, int seconds, Supplier<Visit> visit) throws InterruptedException {
        try (Steady steady = start(perSecond, visit)) {
            TimeUnit.SECONDS.sleep(seconds);
            return steady.end();
        }
    }

    private void tick() {
        open.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                ended.add(visit.get());
            } finally {
                open.decrementAndGet();
            }
        });
    }

    /** Begins no more, and waits for those that are open. */
    Visits end() {
        clock.shutdownNow();
        long deadline = System.nanoTime() + END_NANOS;
        while (open.get() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
        return new Visits(List.copyOf(ended));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
