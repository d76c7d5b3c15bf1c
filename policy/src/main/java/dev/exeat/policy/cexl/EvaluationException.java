package dev.exeat.policy.cexl;

/** A valid expression that has no value for a bag of attributes; carries no stack trace, as it is part of deciding. */
public final class EvaluationException extends RuntimeException {
    public EvaluationException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
