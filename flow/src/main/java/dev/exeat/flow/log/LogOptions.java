package dev.exeat.flow.log;

import dev.exeat.flow.Rotation;
import java.util.List;

/**
 * The logs of connections.
 *
 * @param rotation of those that are files
 * @param queue octets that may wait for each
 */
public record LogOptions(List<LogChoice> logs, Rotation rotation, long queue, OnLogFull onFull) {
    /** Octets that may wait unless said otherwise. */
    public static final long QUEUE = 16L << 20;

    /** No log. */
    public static final LogOptions NONE = new LogOptions(List.of(), Rotation.NONE, QUEUE, OnLogFull.DROP);

    public LogOptions {
        logs = List.copyOf(logs);
    }
}
