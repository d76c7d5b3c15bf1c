package dev.exeat.flow;

import org.jspecify.annotations.Nullable;

/** A line is no record; the message says why, for people. */
public final class RecordFormatException extends RuntimeException {
    public RecordFormatException(@Nullable String message) {
        super(message);
    }
}
