package dev.exeat.proxy.h2;

/** A connection error (RFC 9113 section 5.4.1). Carries no stack trace, because a peer can cause it at will. */
final class H2Exception extends RuntimeException {
    private final H2Error error;

    /** @param what what the peer sent, as the object of "the peer sent ..." */
    H2Exception(H2Error error, String what) {
        super("The peer sent " + what + ".", null, false, false);
        this.error = error;
    }

    static H2Exception protocol(String what) {
        return new H2Exception(H2Error.PROTOCOL_ERROR, what);
    }

    static H2Exception compression(String what) {
        return new H2Exception(H2Error.COMPRESSION_ERROR, what);
    }

    static H2Exception calm(String what) {
        return new H2Exception(H2Error.ENHANCE_YOUR_CALM, what);
    }

    H2Error error() {
        return error;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
