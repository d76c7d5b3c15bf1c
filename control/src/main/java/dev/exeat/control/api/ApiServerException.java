package dev.exeat.control.api;

/** The API cannot be served; the message says why and what to do. */
public final class ApiServerException extends RuntimeException {
    ApiServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
