package dev.exeat.flow.store;

/** Is told of flows as they are written. Called by one thread. */
public interface FlowFollower {
    /** One that fits. */
    void show(StoredFlow flow);

    /** So many that fit were left out, because they came faster than they were taken. */
    void missed(long count);

    /** Whether there may be more. */
    boolean goesOn();
}
