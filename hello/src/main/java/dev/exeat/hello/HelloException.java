package dev.exeat.hello;

import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;

/** Leaves the parser at the first violation. It never leaves this package and has no stack trace: hostile input is no fault. */
final class HelloException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final HelloProgress.Refused refused;

    HelloException(Reason reason, TlsAlert alert, String detail) {
        super(detail, null, false, false);
        this.refused = new HelloProgress.Refused(reason, alert, detail);
    }

    static HelloException malformed(TlsAlert alert, String detail) {
        return new HelloException(Reason.HELLO_MALFORMED, alert, detail);
    }

    HelloProgress.Refused refused() {
        return refused;
    }
}
