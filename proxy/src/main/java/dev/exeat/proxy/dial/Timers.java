package dev.exeat.proxy.dial;

import java.time.Duration;

/** Runs a task later on the same event loop. */
@FunctionalInterface
public interface Timers {
    Cancel after(Duration delay, Runnable task);
}
