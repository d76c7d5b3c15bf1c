package dev.exeat.identity;

import org.jspecify.annotations.Nullable;

/** A request for an SVID that is refused; the message is for the caller and holds neither token nor request. */
public final class SvidRefusedException extends RuntimeException {
    public enum Kind {
        /** The token proves nothing (401). */
        UNAUTHENTICATED,
        /** The token is good, but nobody has declared the service account (403). */
        UNKNOWN_ACCOUNT,
        /** The certificate signing request is not one that the authority signs (400). */
        BAD_CSR,
        /** The identity asks too often (429). */
        RATE_LIMITED
    }

    private final Kind kind;

    public SvidRefusedException(Kind kind, @Nullable String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
