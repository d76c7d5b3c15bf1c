package dev.exeat.cli.role;

/** The ready file could not be written. */
public final class ReadyFileException extends RuntimeException {
    ReadyFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
