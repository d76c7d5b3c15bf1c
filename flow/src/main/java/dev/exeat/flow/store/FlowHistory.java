package dev.exeat.flow.store;

import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowFilter;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a store answers. Not thread-safe: each reader opens its own. */
public interface FlowHistory extends AutoCloseable {
    /**
     * Reads flows one by one in the order in which they were written, until the visitor says that it is enough.
     *
     * @throws FlowStoreException if the store cannot be read
     */
    void read(FlowFilter filter, Window window, Predicate<StoredFlow> visitor);

    /** The newest record of a connection, or null if there is none; a process that starts anew may count from the beginning. */
    @Nullable
    Flow find(String id);

    /**
     * The sums of whole minutes, the oldest first: of those that began in the span, and of final records only.
     *
     * @param since inclusive
     * @param until exclusive
     */
    List<MinuteSum> minutes(Instant since, Instant until);

    /** The highest sequence so far, 0 in an empty store. */
    long newest();

    @Override
    void close();
}
