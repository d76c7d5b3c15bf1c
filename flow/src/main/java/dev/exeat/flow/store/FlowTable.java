package dev.exeat.flow.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The writing side of a store. Not thread-safe; a {@link FlowWriter} has it for its own thread. */
public interface FlowTable extends AutoCloseable {
    /**
     * Writes the batch whole or not at all; a final record takes the place of the open one of its connection.
     *
     * @throws FlowStoreException if it cannot be written
     */
    void append(List<Entry> batch);

    /** Forgets a bounded part of what is older or more than is to be kept, and tells whether there may be more to forget. */
    boolean prune(Retention retention, Instant now);

    /** The final records of these connections will not come: those that are open in the store are lost. */
    void giveUp(Collection<String> ids);

    /**
     * Ends the connections of processes that are gone, and of this one those that were given up, as {@code lost}, and tells
     * how many those were.
     */
    int closeLost();

    @Override
    void close();
}
