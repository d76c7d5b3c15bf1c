package dev.exeat.identity;

/** Text or files that are no trust bundle; the message says what is wrong with which. */
public final class InvalidBundleException extends RuntimeException {
    public InvalidBundleException(String message) {
        super(message);
    }
}
