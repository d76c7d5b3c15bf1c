package dev.exeat.proxy.dial;

import dev.exeat.model.Reason;

/** Whether an address may be dialled for a name. */
public sealed interface GuardVerdict {

    /** @param exception whether only an exception of the operator lets it be dialled */
    record Allowed(boolean exception) implements GuardVerdict {}

    /**
     * @param reason {@link Reason#ADDRESS_FORBIDDEN} or {@link Reason#SELF_CONNECTION}
     * @param addressClass the class that forbids it, in snake_case, as in {@code loopback}; {@code self} for an own
     *     listener
     */
    record Forbidden(Reason reason, String addressClass) implements GuardVerdict {}
}
