package dev.exeat.control.flows;

import dev.exeat.control.api.ApiResponse;
import dev.exeat.flow.store.FeedLine;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowVisitor;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Writes flows as they come, first those since the sequence that the client has seen. It ends by itself within ten minutes, so
 * that the caller proves itself again; whom a binding no longer covers sees nothing from that moment on.
 */
final class LiveFlows implements ApiResponse.Stream {
    static final int WAITING = 8 * 1024;
    private static final Duration SHORTEST = Duration.ofMinutes(8);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final FlowStore store;
    private final FlowTail tail;
    private final FlowQuery query;
    private final Sight sight;
    private final FlowQueue queue;
    private final long from;
    private final Runnable onClose;

    LiveFlows(FlowStore store, FlowTail tail, FlowQuery query, Sight sight, Runnable onClose) {
        this.store = store;
        this.tail = tail;
        this.query = query;
        this.sight = sight;
        this.onClose = onClose;
        this.queue = new FlowQueue(this::fits, WAITING);
        this.from = tail.join(queue);
    }

    private boolean fits(StoredFlow flow) {
        return sight.covers(flow.flow().who().namespace()) && query.filter().test(flow.flow());
    }

    @Override
    public void write(OutputStream to) throws IOException, InterruptedException {
        try {
            FlowLines lines = new FlowLines(to, sight);
            if (query.after() >= 0) {
                catchUp(lines);
            }
            follow(lines);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Up to where the queue begins. */
    private void catchUp(FlowLines lines) {
        try (FlowHistory history = store.history()) {
            history.read(sight.within(query.filter()), Window.after(query.after()), new FlowVisitor() {
                @Override
                public boolean visit(StoredFlow flow) {
                    boolean wanted = flow.sequence() <= from;
                    if (wanted) {
                        lines.write(
                                flow.flow().who().namespace(), FeedLine.of(flow).encoded());
                    }
                    return wanted;
                }

                @Override
                public boolean goesOn() {
                    return lines.goesOn();
                }
            });
        }
    }

    private void follow(FlowLines lines) throws InterruptedException {
        long life = RandomGenerator.getDefault().nextLong(SHORTEST.toNanos(), LONGEST.toNanos());
        long end = System.nanoTime() + life;
        lines.write(FeedLine.upTo(from).encoded());
        lines.flush();
        boolean ended = false;
        while (!ended && lines.goesOn() && System.nanoTime() - end < 0) {
            long position = tail.position();
            FlowQueue.Taken taken = queue.take(FlowLines.HEARTBEAT);
            sight.renew();
            if (taken.missed() > 0) {
                lines.write(FeedLine.missed(taken.missed()).encoded());
            }
            for (StoredFlow flow : taken.flows()) {
                lines.write(flow.flow().who().namespace(), FeedLine.of(flow).encoded());
            }
            if (taken.flows().isEmpty()) {
                lines.write(FeedLine.upTo(position).encoded());
            }
            lines.flush();
            ended = taken.ended();
        }
    }

    @Override
    public void close() {
        tail.leave(queue);
        onClose.run();
    }
}
