package dev.exeat.model;

/** Text that is no canonical name, SPIFFE ID, host pattern or address; the message says why, without the text. */
public final class InvalidNameException extends RuntimeException {
    public InvalidNameException(String message) {
        super(message);
    }
}
