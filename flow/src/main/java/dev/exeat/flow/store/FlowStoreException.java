package dev.exeat.flow.store;

/** The store could not be opened, read or written. The message is for the operator. */
public final class FlowStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    public FlowStoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** @param passing whether the same may succeed later, as when the store cannot be reached now */
    FlowStoreException(String message, Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    boolean isPassing() {
        return passing;
    }
}
