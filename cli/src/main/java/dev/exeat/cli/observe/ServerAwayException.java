package dev.exeat.cli.observe;

import java.io.IOException;
import java.time.Duration;

/** A server answers that it cannot now, but may later. */
final class ServerAwayException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** @param retryAfter how long it asks to be left alone; zero where it does not say */
    ServerAwayException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
