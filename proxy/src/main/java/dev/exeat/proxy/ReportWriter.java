package dev.exeat.proxy;

import dev.exeat.model.LogEntry;

/** Takes the lines that users' own log rules ask for. Called on loops, so it must not block; safe for any thread. */
@FunctionalInterface
public interface ReportWriter {
    void write(LogEntry entry);
}
