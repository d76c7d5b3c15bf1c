package dev.exeat.control.flows;

import dev.exeat.control.access.Authorizer.Reach;
import dev.exeat.control.api.ApiResponse;
import dev.exeat.flow.store.FeedLine;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Writes flows as they come, first those since the sequence that the client has seen. It ends by itself within ten minutes, so
 * that the caller proves itself again; whom a binding no longer covers sees nothing from that moment on.
 */
final class LiveFlows implements ApiResponse.Stream {
    static final int WAITING = 8 * 1024;
    private static final int PART = 4096;
    private static final Duration SHORTEST = Duration.ofMinutes(8);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** A client takes a longer silence for a dead connection. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final FlowStore store;
    private final FlowTail tail;
    private final FlowQuery query;
    private final Supplier<Reach> reach;
    private final FlowQueue queue;
    private final long from;
    private final Runnable onClose;
    private volatile Reach seen;

    LiveFlows(FlowStore store, FlowTail tail, FlowQuery query, Supplier<Reach> reach, Runnable onClose) {
        this.store = store;
        this.tail = tail;
        this.query = query;
        this.reach = reach;
        this.onClose = onClose;
        this.seen = reach.get();
        this.queue = new FlowQueue(this::fits, WAITING);
        this.from = tail.join(queue);
    }

    private boolean fits(StoredFlow flow) {
        return seen.covers(flow.flow().who().namespace()) && query.filter().test(flow.flow());
    }

    @Override
    public void write(OutputStream to) throws IOException, InterruptedException {
        OutputStream out = new BufferedOutputStream(to, 64 * 1024);
        long life = RandomGenerator.getDefault().nextLong(SHORTEST.toNanos(), LONGEST.toNanos());
        long end = System.nanoTime() + life;
        if (query.after() >= 0) {
            catchUp(out, query.after());
        }
        out.write(FeedLine.upTo(from).encoded());
        out.flush();
        while (System.nanoTime() - end < 0) {
            seen = reach.get();
            if (seen.isNowhere()) {
                return;
            }
            long position = tail.position();
            FlowQueue.Taken taken = queue.take(HEARTBEAT);
            if (taken.missed() > 0) {
                out.write(FeedLine.missed(taken.missed()).encoded());
            }
            for (StoredFlow flow : taken.flows()) {
                if (seen.covers(flow.flow().who().namespace())) {
                    out.write(FeedLine.of(flow).encoded());
                }
            }
            if (taken.flows().isEmpty()) {
                out.write(FeedLine.upTo(position).encoded());
            }
            out.flush();
            if (taken.ended()) {
                return;
            }
        }
    }

    /** Up to where the queue begins. */
    private void catchUp(OutputStream out, long after) throws IOException {
        try (FlowHistory history = store.history()) {
            long at = after;
            List<StoredFlow> part = new ArrayList<>();
            do {
                part.clear();
                history.read(query.filter(), Window.after(at), flow -> {
                    boolean wanted = flow.sequence() <= from;
                    if (wanted) {
                        part.add(flow);
                    }
                    return wanted && part.size() < PART;
                });
                for (StoredFlow flow : part) {
                    if (seen.covers(flow.flow().who().namespace())) {
                        out.write(FeedLine.of(flow).encoded());
                    }
                    at = flow.sequence();
                }
            } while (part.size() == PART);
        }
    }

    @Override
    public void close() {
        tail.leave(queue);
        onClose.run();
    }
}
