package dev.exeat.flow.store;

import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a store answers. Not thread-safe: each reader opens its own. */
public interface FlowHistory extends AutoCloseable {
    /** So often who follows looks for more. */
    Duration FOLLOWING = Duration.ofMillis(100);

    /**
     * Reads flows one by one in the order in which they were written, up to the newest as it begins, until the visitor says
     * that it is enough. Nothing of the store waits for the visitor. A record that cannot be read is passed over.
     *
     * @throws FlowStoreException if the store cannot be read
     */
    void read(FlowFilter filter, Window window, FlowVisitor visitor);

    /**
     * Reads all that fit, one record of each connection: that of its end, also where it ends meanwhile, and at the end those
     * of connections that are open. Where more than 20,000 are open at once, one that ends meanwhile may be read twice.
     *
     * @throws FlowStoreException if the store cannot be read
     */
    default void each(FlowFilter filter, Consumer<StoredFlow> visitor) {
        long[] last = {newest()};
        OncePerConnection once = new OncePerConnection(visitor);
        FlowVisitor all = stored -> {
            last[0] = Math.max(last[0], stored.sequence());
            once.add(stored);
            return true;
        };
        read(filter, Window.ALL, all);
        // An open record whose place that of the end took before it was read stands behind all that was read.
        read(filter, Window.after(last[0]), all);
        once.end();
    }

    /**
     * Goes on with what is written after that sequence, while the follower does and the thread is not interrupted.
     *
     * @throws FlowStoreException if the store cannot be read
     */
    default void follow(FlowFilter filter, long after, FlowFollower follower) {
        long[] seen = {after};
        while (follower.goesOn()) {
            read(FlowFilter.ALL, Window.after(seen[0]), stored -> {
                seen[0] = stored.sequence();
                if (filter.test(stored.flow())) {
                    follower.show(stored);
                }
                return true;
            });
            try {
                Thread.sleep(FOLLOWING);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** The newest record of a connection, or null if there is none; a process that starts anew may count from the beginning. */
    @Nullable
    Flow find(String id);

    /**
     * Reads the sums of whole minutes one by one, the oldest first, until the visitor says that it is enough: of those that
     * began in the span, and of final records only. Nothing of the store waits for the visitor.
     *
     * @param since inclusive
     * @param until exclusive
     * @throws FlowStoreException if the store cannot be read
     */
    void minutes(Instant since, Instant until, Predicate<MinuteSum> visitor);

    /** The highest sequence so far, 0 in an empty store. */
    long newest();

    @Override
    void close();
}
