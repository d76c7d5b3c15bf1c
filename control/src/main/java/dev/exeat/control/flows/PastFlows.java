package dev.exeat.control.flows;

import dev.exeat.control.api.ApiResponse;
import dev.exeat.flow.store.FeedLine;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowVisitor;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes flows of the past as they are read. */
final class PastFlows implements ApiResponse.Stream {
    private final FlowHistory history;
    private final FlowQuery query;
    private final Sight sight;
    private final Runnable onClose;

    PastFlows(FlowHistory history, FlowQuery query, Sight sight, Runnable onClose) {
        this.history = history;
        this.query = query;
        this.sight = sight;
        this.onClose = onClose;
    }

    @Override
    public void write(OutputStream to) throws IOException {
        try {
            FlowLines lines = new FlowLines(to, sight);
            Writing writing = new Writing(lines, history.newest());
            if (query.last() != 0) {
                Window window = new Window(Math.max(0, query.after()), Math.max(0, query.last()));
                history.read(sight.within(query.filter()), window, writing);
            }
            lines.write(FeedLine.upTo(Math.max(writing.reached, query.after())).encoded());
            lines.end();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static final class Writing implements FlowVisitor {
        private final FlowLines lines;
        private long reached;

        private Writing(FlowLines lines, long newest) {
            this.lines = lines;
            this.reached = newest;
        }

        @Override
        public boolean visit(StoredFlow flow) {
            lines.write(flow.flow().who().namespace(), FeedLine.of(flow).encoded());
            reached = Math.max(reached, flow.sequence());
            return true;
        }

        @Override
        public boolean goesOn() {
            return lines.goesOn();
        }
    }

    @Override
    public void close() {
        history.close();
        onClose.run();
    }
}
