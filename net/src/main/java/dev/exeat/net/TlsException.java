package dev.exeat.net;

/** TLS went wrong. Carries no stack trace, because peers can cause it at will. */
final class TlsException extends RuntimeException {
    private final TlsFailure.Kind kind;

    TlsException(TlsFailure.Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    TlsFailure.Kind kind() {
        return kind;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
