package dev.exeat.flow.store;

/** Where a history is kept. Thread-safe. */
public interface FlowStore {
    /**
     * Its writing side, made where it is not there.
     *
     * @throws FlowStoreException if that fails in a way that only an operator can mend
     */
    FlowTable table();

    /**
     * Its reading side, while others write.
     *
     * @throws FlowStoreException if it is not there or cannot be reached, or a later program made it
     */
    FlowHistory history();
}
