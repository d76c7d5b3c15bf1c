package dev.exeat.control.remote;

import org.jspecify.annotations.Nullable;

/** The server's objects cannot be had; the message says why, for people. */
public final class FeedException extends RuntimeException {
    private final Kind kind;

    /** What follows from it. */
    enum Kind {
        /** Another try may help. */
        AWAY,
        /** Another try does not help until something is mended. */
        REFUSED,
        /** The changes since the version are not to be had: all objects are to be read anew. */
        EXPIRED
    }

    FeedException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
