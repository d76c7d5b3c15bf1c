package dev.exeat.cli.observe;

import dev.exeat.control.flows.FlowRoutes;
import dev.exeat.flow.query.FilterParameters;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FeedLine;
import dev.exeat.flow.store.FlowFollower;
import dev.exeat.flow.store.StoredFlow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows the flows of a server. Its answers end after some minutes, and then it is asked again for what came since; while the
 * server is away, after a pause that doubles up to five seconds, or as long as it asks for. Not thread-safe.
 */
final class ServerFollowing {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_WISH = Duration.ofMinutes(1);

    private final FlowServer server;
    private final Consumer<String> notices;
    private final Function<FeedLine, StoredFlow> reader;
    private final List<Map.Entry<String, String>> conditions;
    private final FlowFollower follower;
    private long seen;
    private Duration pause;
    private boolean away;

    /** What is followed, and after which sequence. */
    record From(FlowFilter filter, long after) {}

    /**
     * @param notices told when the server is away, and back
     * @param reader of the records in lines
     */
    ServerFollowing(
            FlowServer server,
            Consumer<String> notices,
            Function<FeedLine, StoredFlow> reader,
            From from,
            FlowFollower follower) {
        this.server = server;
        this.notices = notices;
        this.reader = reader;
        this.conditions = FilterParameters.of(from.filter());
        this.seen = from.after();
        this.follower = follower;
        this.pause = server.patience().pause();
    }

    /** While the follower goes on and the thread is not interrupted. */
    void run() {
        while (goesOn()) {
            Duration wish = Duration.ZERO;
            try {
                followOnce();
            } catch (IOException e) {
                if (!goesOn()) {
                    return;
                }
                if (!away) {
                    away = true;
                    notices.accept(server.failed(e).getMessage() + "; trying again");
                }
                wish = e instanceof ServerAwayException busy ? busy.retryAfter() : wish;
            }
            rest(wish);
        }
    }

    private boolean goesOn() {
        return follower.goesOn() && !Thread.currentThread().isInterrupted();
    }

    private void followOnce() throws IOException {
        List<Map.Entry<String, String>> query = new ArrayList<>(conditions);
        query.add(Map.entry("follow", "true"));
        query.add(Map.entry("after", Long.toString(seen)));
        try (ServerLines lines = server.open(FlowRoutes.PATH, query)) {
            String line = lines.next();
            while (line != null && follower.goesOn()) {
                reached();
                take(line.isEmpty() ? null : ServerFlows.parse(line));
                line = lines.next();
            }
        }
    }

    private void reached() {
        pause = server.patience().pause();
        if (away) {
            away = false;
            notices.accept("the server " + server.address() + " is back");
        }
    }

    private void take(@Nullable FeedLine line) {
        if (line == null) {
            return;
        }
        seen = Math.max(seen, line.sequence());
        if (line.missed() > 0) {
            follower.missed(line.missed());
        } else if (!line.record().isEmpty()) {
            follower.show(reader.apply(line));
        }
    }

    /** Also after an answer that ended in order: a server that ends each at once is not to be asked without end. */
    private void rest(Duration wish) {
        Duration asked = wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish;
        try {
            Thread.sleep(asked.compareTo(pause) > 0 ? asked : pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }
}
