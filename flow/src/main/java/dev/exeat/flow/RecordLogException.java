package dev.exeat.flow;

/** The file of the native records can't be written at the start; the message is for the operator. */
public final class RecordLogException extends RuntimeException {
    public RecordLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
