package dev.exeat.proxy;

import dev.exeat.flow.Metrics;
import dev.exeat.model.Limit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections that limits refuse or end, and says so in the program's log: of each limit at most a line in
 * ten seconds, however many run into it. Thread-safe.
 */
final class LimitWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);
    static final long PAUSE_NANOS = 10_000_000_000L;

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final Map<Limit, Told> told = new EnumMap<>(Limit.class);

    private static final class Told {
        private final AtomicLong next;
        private final AtomicLong since = new AtomicLong();

        Told(long now) {
            next = new AtomicLong(now);
        }
    }

    /** @param nanos a clock as {@link System#nanoTime} */
    LimitWatch(Metrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
        long now = nanos.getAsLong();
        for (Limit limit : Limit.values()) {
            told.put(limit, new Told(now));
        }
    }

    void ended(ConnectionTrace trace) {
        Limit limit = limitOf(trace);
        if (limit != null) {
            metrics.limitHit(limit);
            if (isWorthALine(limit)) {
                count(limit, trace);
            }
        }
    }

    private static @Nullable Limit limitOf(ConnectionTrace trace) {
        return trace.reason() == null ? Limit.ofFlag(trace.flag()) : Limit.of(trace.reason());
    }

    /** Of the others there are always some; their records say enough. */
    static boolean isWorthALine(Limit limit) {
        return switch (limit) {
            case CONNECTIONS,
                    CONNECTIONS_PER_SOURCE,
                    CONNECTIONS_PER_IDENTITY,
                    RATE_PER_IDENTITY,
                    TUNNELS_PER_CONNECTION,
                    H2_FLOOD -> true;
            default -> false;
        };
    }

    private void count(Limit limit, ConnectionTrace trace) {
        Told of = told.get(limit);
        if (of == null) {
            return;
        }
        long count = of.since.incrementAndGet();
        long due = of.next.get();
        long now = nanos.getAsLong();
        if (now - due >= 0 && of.next.compareAndSet(due, now + PAUSE_NANOS)) {
            of.since.addAndGet(-count);
            LOG.atWarn()
                    .addKeyValue("limit", "--" + limit.option())
                    .addKeyValue("connections", count)
                    .addKeyValue("source", trace.arrival().sourceAddress())
                    .addKeyValue("identity", trace.arrival().identity())
                    .log("a limit is reached; source and identity are those of the last connection");
        }
    }
}
