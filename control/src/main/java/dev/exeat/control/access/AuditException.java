package dev.exeat.control.access;

/** The audit log cannot be written, and so nothing is. */
public final class AuditException extends RuntimeException {
    AuditException(String message, Throwable cause) {
        super(message, cause);
    }
}
