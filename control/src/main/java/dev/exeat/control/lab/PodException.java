package dev.exeat.control.lab;

/** A pod cannot run; the message is for people. */
public final class PodException extends RuntimeException {
    public PodException(String message) {
        super(message);
    }

    public PodException(String message, Throwable cause) {
        super(message, cause);
    }
}
