package dev.exeat.control.flows;

import dev.exeat.flow.store.StoredFlow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Flows on their way to one client. When it takes them too slowly the oldest give way, and their number is told. Nobody who
 * fills it waits. Thread-safe.
 */
final class FlowQueue {
    private final Predicate<StoredFlow> fits;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Deque<StoredFlow> flows = new ArrayDeque<>();
    private long missed;
    private boolean ended;

    /**
     * What was taken.
     *
     * @param missed how many gave way before them
     * @param ended whether no more will come
     */
    record Taken(List<StoredFlow> flows, long missed, boolean ended) {}

    FlowQueue(Predicate<StoredFlow> fits, int most) {
        this.fits = fits;
        this.most = most;
    }

    void offer(StoredFlow flow) {
        if (!fits.test(flow)) {
            return;
        }
        lock.lock();
        try {
            if (flows.size() == most) {
                flows.removeFirst();
                missed++;
            }
            flows.addLast(flow);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** All that there is; waits for the first so long. */
    Taken take(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (flows.isEmpty() && !ended && left > 0) {
                left = filled.awaitNanos(left);
            }
            Taken taken = new Taken(new ArrayList<>(flows), missed, ended);
            flows.clear();
            missed = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
