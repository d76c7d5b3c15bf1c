package dev.exeat.proxy.dns;

import dev.exeat.model.Reason;

/** Why a question has no answer. Carries no stack trace: it is an outcome, not a fault. */
final class DnsFailure extends Exception {
    private final Reason reason;

    DnsFailure(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
