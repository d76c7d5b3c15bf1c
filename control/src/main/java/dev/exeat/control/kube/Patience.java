package dev.exeat.control.kube;

import java.time.Duration;

/**
 * How long a client is waited for that holds a thread.
 *
 * @param body until the body of a request is there
 * @param message until one of a watch's messages is taken
 */
public record Patience(Duration body, Duration message) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(20), Duration.ofSeconds(30));
}
