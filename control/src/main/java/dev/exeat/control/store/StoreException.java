package dev.exeat.control.store;

import org.jspecify.annotations.Nullable;

/** The store did not do what was asked; nothing was changed. The message is for people. */
public final class StoreException extends RuntimeException {
    private final Kind kind;

    /** What stands in the way. */
    public enum Kind {
        EXISTS,
        MISSING,
        /** The object has another version than the caller expects. */
        CONFLICT,
        /** A watch asks for changes that are not kept any more: list again. */
        EXPIRED,
        /** The file cannot be read or written, as on a full disk. */
        FAILED
    }

    StoreException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
