package dev.exeat.proxy.dial;

/** Gives up something that was started. Idempotent, and without effect once it has ended. */
@FunctionalInterface
public interface Cancel {
    void cancel();
}
