package dev.exeat.flow.store;

/** The store could not be opened, read or written. The message is for the operator. */
public final class FlowStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FlowStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
