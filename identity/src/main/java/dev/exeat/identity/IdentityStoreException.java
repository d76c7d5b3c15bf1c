package dev.exeat.identity;

import org.jspecify.annotations.Nullable;

/** A file that holds keys, certificates or the ledger cannot be used; the message names the file and the cure. */
public final class IdentityStoreException extends RuntimeException {
    public IdentityStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public IdentityStoreException(String message) {
        this(message, null);
    }
}
