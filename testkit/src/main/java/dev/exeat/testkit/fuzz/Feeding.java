package dev.exeat.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a target on a thread that another watches: what throws, takes too long or allocates too much is a finding. A
 * thread that hangs is left behind, so a run ends with its first finding.
 */
final class Feeding implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FuzzTarget target;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("fuzz").factory());
    private volatile @Nullable Thread worker;
    private volatile byte @Nullable [] current;
    private volatile long cpuAtStart;
    private volatile long fed;
    /** Counted by the worker alone. */
    private long count;

    private long allocated;

    Feeding(FuzzTarget target) {
        this.target = target;
    }

    /** What is wrong with an input. */
    static final class Finding extends Exception {
        private static final long serialVersionUID = 1;
        private final transient byte[] input;
        private final boolean hang;

        Finding(byte[] input, String what, @Nullable Throwable cause) {
            this(input, what, cause, false);
        }

        Finding(byte[] input, String what, @Nullable Throwable cause, boolean hang) {
            super(what, cause);
            this.input = input;
            this.hang = hang;
        }

        boolean isHang() {
            return hang;
        }

        byte[] input() {
            return input;
        }
    }

    /** Feeds one input; called by the work given to {@link #watch} alone. */
    String feed(byte[] input) throws Finding {
        long most = target.maxAllocated(input.length);
        String answer = feedOnce(input);
        // What the first input of a kind loads and makes once and for all is not its own.
        if (allocated > most) {
            answer = feedOnce(input);
        }
        if (allocated > most) {
            throw new Finding(input, "it allocated " + allocated + " octets for " + input.length, null);
        }
        return answer;
    }

    private String feedOnce(byte[] input) throws Finding {
        cpuAtStart = THREADS.getCurrentThreadCpuTime();
        current = input;
        fed = ++count;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        String answer;
        try {
            answer = target.feed(input);
        } catch (Throwable e) {
            throw new Finding(input, "it failed: " + e, e);
        } finally {
            current = null;
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        return answer;
    }

    /** Does the work on the watched thread. */
    <T> T watch(Callable<T> work) throws Finding {
        Future<T> result = executor.submit(() -> {
            worker = Thread.currentThread();
            return work.call();
        });
        while (true) {
            try {
                return result.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                refuseHang();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Finding finding) {
                    throw finding;
                }
                throw new IllegalStateException("the fuzzing itself failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private void refuseHang() throws Finding {
        long number = fed;
        byte[] input = current;
        Thread thread = worker;
        if (input == null || thread == null) {
            return;
        }
        long used = THREADS.getThreadCpuTime(thread.threadId()) - cpuAtStart;
        if (used > target.maxTime().toNanos() && number == fed) {
            Throwable where = new Throwable("where it is");
            where.setStackTrace(thread.getStackTrace());
            throw new Finding(input, "it takes longer than " + target.maxTime(), where, true);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
