package dev.exeat.identity;

/** A client's certificate that proves nothing. */
public final class InvalidClientException extends RuntimeException {
    public InvalidClientException(String message) {
        super(message);
    }
}
