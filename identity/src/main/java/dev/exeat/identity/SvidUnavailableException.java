package dev.exeat.identity;

import org.jspecify.annotations.Nullable;

/** A source has no SVID to give; the message says why and what to do. */
public final class SvidUnavailableException extends RuntimeException {
    private final boolean transientFault;

    /** @param transientFault whether the same try may succeed later without anyone's help */
    public SvidUnavailableException(String message, boolean transientFault, @Nullable Throwable cause) {
        super(message, cause);
        this.transientFault = transientFault;
    }

    /** Whether trying again later may help. */
    public boolean isTransient() {
        return transientFault;
    }
}
