package dev.exeat.net;

/** A task that will run once at its time, unless it is cancelled before. Confined to its loop's thread. */
public interface Timeout {
    /**
     * Idempotent; does nothing once the task has run.
     *
     * @throws IllegalStateException outside of the loop's thread
     */
    void cancel();
}
