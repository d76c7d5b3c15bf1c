package dev.exeat.net;

/** An attempt to connect. Confined to its loop. */
public interface Connecting {
    /** Gives the attempt up; the handler is not called any more. Idempotent. */
    void cancel();
}
