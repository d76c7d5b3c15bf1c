package dev.exeat.flow;

/** What became of the lines or records that a sink was given. Thread-safe. */
public interface SinkCounts {
    /** As the {@code sink} label of metrics has it. */
    String name();

    /** Those that reached it. */
    long written();

    /** Those that did not, because there was no room, it failed or its writer was closed. */
    long dropped();
}
