package dev.exeat.net;

/** A task that will run once at its time, unless it is cancelled before. Confined to its loop. */
public interface Timeout {
    /** Idempotent; does nothing once the task has run. */
    void cancel();
}
