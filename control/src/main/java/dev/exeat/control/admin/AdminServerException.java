package dev.exeat.control.admin;

/** The admin server cannot serve; the message says why and what to do. */
public final class AdminServerException extends RuntimeException {
    AdminServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
