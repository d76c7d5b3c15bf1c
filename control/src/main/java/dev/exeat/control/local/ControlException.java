package dev.exeat.control.local;

/** A question could not be asked or was refused; the message says why, for people. */
public final class ControlException extends RuntimeException {
    ControlException(String message, Throwable cause) {
        super(message, cause);
    }

    ControlException(String message) {
        super(message);
    }
}
