package dev.exeat.flow.store;

import java.time.Instant;
import java.util.List;

/** The writing side of a store. Not thread-safe; a {@link FlowWriter} has it for its own thread. */
public interface FlowTable extends AutoCloseable {
    /**
     * Writes the batch whole or not at all; a final record takes the place of the open one of its connection.
     *
     * @throws FlowStoreException if it cannot be written
     */
    void append(List<Entry> batch);

    /** Forgets what is older or more than is to be kept, a bounded part at a time. */
    void prune(Retention retention, Instant now);

    /** Ends the connections of processes that are gone as {@code lost}, and tells how many those were. */
    int closeLost();

    @Override
    void close();
}
