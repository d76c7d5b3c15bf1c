package dev.exeat.control.access;

/** A caller that does not prove who it is. The message is for the log, never for the caller. */
public final class UnauthenticatedException extends RuntimeException {
    UnauthenticatedException(String message) {
        super(message, null, false, false);
    }
}
