package dev.exeat.net;

/**
 * How loops are started.
 *
 * @param loops how many threads
 * @param name the beginning of their names
 */
public record LoopOptions(int loops, String name) {
    public LoopOptions {
        if (loops < 1) {
            throw new IllegalArgumentException("there must be at least one event loop");
        }
    }

    /** One loop for each core. */
    public static LoopOptions defaults() {
        return new LoopOptions(Runtime.getRuntime().availableProcessors(), "loop");
    }
}
