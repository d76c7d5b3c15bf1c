package dev.exeat.cli.demo;

/** The demonstration could not go on; nothing is said about the product. */
public final class DemoException extends RuntimeException {
    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
