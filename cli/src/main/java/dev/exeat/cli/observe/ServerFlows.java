package dev.exeat.cli.observe;

import dev.exeat.cli.observe.ServerFollowing.From;
import dev.exeat.control.flows.FlowRoutes;
import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.query.FilterParameters;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import dev.exeat.flow.query.FlowReader;
import dev.exeat.flow.store.FeedLine;
import dev.exeat.flow.store.FlowFollower;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.FlowVisitor;
import dev.exeat.flow.store.MinuteLine;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The history that a server serves ({@link FlowRoutes}), which judges the filters and shows what the caller may see. */
final class ServerFlows implements FlowHistory {
    private static final int PART = 4096;

    private final FlowServer server;
    private final Consumer<String> notices;
    private final FlowReader reader = new FlowReader();

    /** @param notices told when the server is away, and back */
    ServerFlows(FlowServer server, Consumer<String> notices) {
        this.server = server;
        this.notices = notices;
    }

    /** A line that cannot be read ends the reading. */
    static FeedLine parse(String line) {
        try {
            return FeedLine.parse(line);
        } catch (IllegalArgumentException e) {
            throw new FlowStoreException("the server's answer cannot be read", e);
        }
    }

    @Override
    public void read(FlowFilter filter, Window window, FlowVisitor visitor) {
        long[] seen = {window.after()};
        FlowVisitor following = new FlowVisitor() {
            @Override
            public boolean visit(StoredFlow flow) {
                seen[0] = Math.max(seen[0], flow.sequence());
                return visitor.visit(flow);
            }

            @Override
            public boolean goesOn() {
                return visitor.goesOn();
            }
        };
        long after = window.after();
        IOException cut = readOnce(filter, window, following);
        // A server gives up whom it waits for too long, as for a pager that nobody turns: it is asked for the rest.
        while (cut != null && window.last() == 0 && seen[0] > after) {
            after = seen[0];
            cut = readOnce(filter, Window.after(after), following);
        }
        if (cut != null) {
            throw server.failed(cut);
        }
    }

    /** Returns why the answer is not whole; null where it is, or the visitor had enough. */
    private @Nullable IOException readOnce(FlowFilter filter, Window window, FlowVisitor visitor) {
        List<Map.Entry<String, String>> query = new ArrayList<>(FilterParameters.of(filter));
        if (window.after() > 0) {
            query.add(Map.entry("after", Long.toString(window.after())));
        }
        if (window.last() > 0) {
            query.add(Map.entry("last", Integer.toString(window.last())));
        }
        try (ServerLines lines = server.open(FlowRoutes.PATH, query)) {
            List<FeedLine> part = new ArrayList<>();
            boolean more = true;
            boolean whole = false;
            String line = lines.next();
            while (line != null) {
                FeedLine next = line.isEmpty() ? null : parse(line);
                whole = next != null && next.record().isEmpty();
                if (next != null && !whole) {
                    part.add(next);
                }
                if (part.size() == PART || next == null || whole) {
                    more = show(part, visitor) && visitor.goesOn();
                    part.clear();
                }
                line = more ? lines.next() : null;
            }
            return more && !whole ? new IOException("the answer was cut short") : null;
        } catch (IOException e) {
            return e;
        }
    }

    /** Reading JSON is most of the work, and all processors share it. */
    private boolean show(List<FeedLine> part, FlowVisitor visitor) {
        return part.parallelStream().map(this::flow).toList().stream().allMatch(visitor::visit);
    }

    private StoredFlow flow(FeedLine line) {
        try {
            return new StoredFlow(line.sequence(), reader.read(line.record()));
        } catch (RecordFormatException e) {
            throw new FlowStoreException("the server's answer cannot be read", e);
        }
    }

    @Override
    public void follow(FlowFilter filter, long after, FlowFollower follower) {
        new ServerFollowing(server, notices, this::flow, new From(filter, after), follower).run();
    }

    @Override
    public @Nullable Flow find(String id) {
        Flow[] found = new Flow[1];
        read(FlowFilter.ALL.and(Condition.of(FlowField.ID, List.of(id), false)), Window.last(1), stored -> {
            found[0] = stored.flow();
            return true;
        });
        return found[0];
    }

    @Override
    public void minutes(Instant since, Instant until, Predicate<MinuteSum> visitor) {
        try (ServerLines lines =
                server.open(FlowRoutes.MINUTES, FilterParameters.of(FlowFilter.ALL.between(since, until)))) {
            String line = lines.next();
            while (line != null && (line.isEmpty() || visitor.test(sum(line)))) {
                line = lines.next();
            }
        } catch (IOException e) {
            throw server.failed(e);
        }
    }

    private static MinuteSum sum(String line) {
        try {
            return MinuteLine.parse(line);
        } catch (IllegalArgumentException e) {
            throw new FlowStoreException("the server's answer cannot be read", e);
        }
    }

    @Override
    public long newest() {
        try (ServerLines lines = server.open(FlowRoutes.PATH, List.of(Map.entry("last", "0")))) {
            String line = lines.next();
            while (line != null && line.isEmpty()) {
                line = lines.next();
            }
            if (line == null) {
                throw new IOException("the answer was cut short");
            }
            return parse(line).sequence();
        } catch (IOException e) {
            throw server.failed(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
