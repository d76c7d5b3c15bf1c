package dev.exeat.identity;

/** A bearer token that proves nothing; the message holds neither the token nor a part of it. */
public final class InvalidTokenException extends RuntimeException {
    public InvalidTokenException(String message) {
        super(message);
    }
}
