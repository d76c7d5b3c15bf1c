package dev.exeat.proxy.h2;

import org.jspecify.annotations.Nullable;

/** A connection error (RFC 9113 section 5.4.1). Carries no stack trace, because a peer can cause it at will. */
final class H2Exception extends RuntimeException {
    private final H2Error error;
    private final @Nullable Abuse abuse;

    /** @param what what the peer sent, as the object of "the peer sent ..." */
    H2Exception(H2Error error, String what) {
        this(error, what, null);
    }

    private H2Exception(H2Error error, String what, @Nullable Abuse abuse) {
        super("The peer sent " + what + ".", null, false, false);
        this.error = error;
        this.abuse = abuse;
    }

    static H2Exception protocol(String what) {
        return new H2Exception(H2Error.PROTOCOL_ERROR, what);
    }

    static H2Exception compression(String what) {
        return new H2Exception(H2Error.COMPRESSION_ERROR, what);
    }

    static H2Exception calm(Abuse abuse, String what) {
        return new H2Exception(H2Error.ENHANCE_YOUR_CALM, what, abuse);
    }

    H2Error error() {
        return error;
    }

    /** What the peer did too much of, or null where it broke the protocol. */
    @Nullable
    Abuse abuse() {
        return abuse;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
