package dev.exeat.control;

import org.jspecify.annotations.Nullable;

/** The data directory cannot be used; the message says why, who holds it, and what to do. */
public final class DataDirectoryException extends RuntimeException {
    DataDirectoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
