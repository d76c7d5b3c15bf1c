package dev.exeat.net;

/** Listening sockets could not be handed from one process to the next; the message says why, for people. */
public final class HandoverException extends RuntimeException {
    HandoverException(String message) {
        super(message);
    }
}
