package dev.exeat.net;

/**
 * Why a handshake failed.
 *
 * @param detail one line of printable ASCII
 */
public record TlsFailure(Kind kind, String detail) {
    public enum Kind {
        TIMEOUT,
        /** The peer sent no certificate. */
        NO_CERTIFICATE,
        /** The peer's certificate was refused by the verifier. */
        BAD_CERTIFICATE,
        /** The peer broke TLS, or sent an alert. */
        PROTOCOL,
        /** The peer ended the connection. */
        RESET
    }
}
