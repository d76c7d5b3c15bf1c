package dev.exeat.control;

/** A list could not be fetched, or what came is no list; the message says why in a few words. */
final class ListFetchException extends Exception {
    ListFetchException(String message) {
        super(message);
    }
}
