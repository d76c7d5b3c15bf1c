package dev.exeat.policy.cexl;

import org.jspecify.annotations.Nullable;

/** Text that is no valid expression; the message says why. */
public final class ExpressionException extends RuntimeException {
    private final @Nullable String unknownAttribute;

    public ExpressionException(String message) {
        this(message, null);
    }

    ExpressionException(String message, @Nullable String unknownAttribute) {
        super(message);
        this.unknownAttribute = unknownAttribute;
    }

    /** The attribute that the vocabulary lacks, or null where something else is wrong. */
    public @Nullable String unknownAttribute() {
        return unknownAttribute;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
