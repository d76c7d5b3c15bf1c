package dev.exeat.net;

/** How a relay ended. */
public enum RelayEnd {
    /** Both sides ended in order. */
    CLEAN,
    CLIENT_RESET,
    UPSTREAM_RESET,
    /** No byte in either direction for the idle time. */
    IDLE,
    /** The total time was over. */
    TOO_LONG,
    /** A gate refused; the client's stream is still open and belongs to the handler. */
    GATE,
    /** Ended by {@link Relay#cut}. */
    CUT
}
