package dev.exeat.control.flows;

import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the history for all who follow it over the API, so that each flow is read once: on a thread of its own, which is
 * there as long as somebody follows. Thread-safe.
 */
final class FlowTail {
    private static final Logger LOG = LoggerFactory.getLogger(FlowTail.class);

    private final FlowStore store;
    private final List<FlowQueue> queues = new CopyOnWriteArrayList<>();
    private @Nullable Thread thread;
    private volatile long position;

    FlowTail(FlowStore store) {
        this.store = store;
    }

    /** The sequence up to which all who follow have been told. */
    long position() {
        return position;
    }

    /**
     * Begins to fill the queue, and tells after which sequence it does.
     *
     * @throws FlowStoreException if the store cannot be read
     */
    synchronized long join(FlowQueue queue) {
        if (thread == null) {
            FlowHistory history = store.history();
            position = history.newest();
            thread = Thread.ofVirtual().name("flows").start(() -> run(history));
        }
        // Under this lock, as each round is: what comes next comes to this queue too.
        queues.add(queue);
        return position;
    }

    void leave(FlowQueue queue) {
        queues.remove(queue);
    }

    private void run(FlowHistory history) {
        try (history) {
            while (round(history)) {
                Thread.sleep(FlowHistory.FOLLOWING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end();
        } catch (FlowStoreException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("the history cannot be followed over the API");
            end();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("following the history over the API failed by a fault");
            end();
        }
    }

    private synchronized boolean round(FlowHistory history) {
        if (queues.isEmpty()) {
            thread = null;
            return false;
        }
        history.read(FlowFilter.ALL, Window.after(position), this::tell);
        return true;
    }

    private boolean tell(StoredFlow flow) {
        queues.forEach(queue -> queue.offer(flow));
        position = flow.sequence();
        return true;
    }

    /** Nobody is left waiting for what does not come. */
    private synchronized void end() {
        thread = null;
        queues.forEach(FlowQueue::end);
        queues.clear();
    }
}
