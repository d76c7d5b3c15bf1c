package dev.exeat.identity;

/** A peer's certificates are no SVID that this process trusts. The message never holds text of the certificate. */
public final class InvalidSvidException extends RuntimeException {
    /** Why, as far as TLS can say it: each kind has the alert that fits (RFC 8446 section 6.2). */
    public enum Kind {
        /** No root of the peer's trust domain vouches for it. */
        UNKNOWN_CA(48),
        /** Not yet or no longer valid. */
        EXPIRED(45),
        REVOKED(44),
        /** Anything else: malformed, too large, or against the rules of X509-SVID. */
        BAD_CERTIFICATE(42);

        private final int alertCode;

        Kind(int alertCode) {
            this.alertCode = alertCode;
        }

        /** The AlertDescription: unknown_ca, certificate_expired, certificate_revoked or bad_certificate. */
        public int alertCode() {
            return alertCode;
        }
    }

    private final Kind kind;

    public InvalidSvidException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
