package dev.exeat.identity;

/** A certificate signing request that the authority does not sign; the message says why, without text of the request. */
public final class RefusedCsrException extends RuntimeException {
    public RefusedCsrException(String message) {
        super(message);
    }
}
