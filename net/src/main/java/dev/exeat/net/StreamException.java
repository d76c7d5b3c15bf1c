package dev.exeat.net;

/** A stream that broke, and how. Carries no stack trace, because it is made on the data path. */
public final class StreamException extends RuntimeException {

    public enum Kind {
        /** The peer reset the connection, or the network gave up on it. */
        RESET,
        /** The peer broke TLS or ended it without close_notify where that matters. */
        PROTOCOL,
        /** The stream was closed on this side. */
        CLOSED
    }

    private final Kind kind;

    public StreamException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
