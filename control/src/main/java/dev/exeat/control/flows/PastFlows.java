package dev.exeat.control.flows;

import dev.exeat.control.access.Authorizer.Reach;
import dev.exeat.control.api.ApiResponse;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import dev.exeat.flow.query.Glob;
import dev.exeat.flow.store.FeedLine;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Writes flows of the past, a part at a time, so that a slow client keeps nothing of the store waiting. */
final class PastFlows implements ApiResponse.Stream {
    private static final int PART = 4096;

    private final FlowHistory history;
    private final FlowFilter filter;
    private final FlowQuery query;
    private final Runnable onClose;

    PastFlows(FlowHistory history, FlowQuery query, Reach reach, Runnable onClose) {
        this.history = history;
        this.filter = within(query.filter(), reach);
        this.query = query;
        this.onClose = onClose;
    }

    private static FlowFilter within(FlowFilter filter, Reach reach) {
        return reach.everywhere()
                ? filter
                : filter.and(new Condition(
                        FlowField.NAMESPACE,
                        reach.namespaces().stream().map(Glob::new).toList(),
                        false));
    }

    @Override
    public void write(OutputStream to) throws IOException {
        OutputStream out = new BufferedOutputStream(to, 64 * 1024);
        long newest = history.newest();
        long after = Math.max(0, query.after());
        if (query.last() != 0) {
            Window window = new Window(after, Math.max(0, query.last()));
            List<StoredFlow> part = part(window);
            while (!part.isEmpty()) {
                for (StoredFlow flow : part) {
                    out.write(FeedLine.of(flow).encoded());
                }
                after = part.getLast().sequence();
                boolean more = part.size() == PART && query.last() < 0;
                part = more ? part(Window.after(after)) : List.of();
            }
        }
        out.write(FeedLine.upTo(Math.max(newest, after)).encoded());
        out.flush();
    }

    private List<StoredFlow> part(Window window) {
        List<StoredFlow> part = new ArrayList<>();
        history.read(filter, window, flow -> {
            part.add(flow);
            return window.last() > 0 || part.size() < PART;
        });
        return part;
    }

    @Override
    public void close() {
        history.close();
        onClose.run();
    }
}
