package dev.exeat.hello;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;

/** How far a {@link HelloReader} has come. */
public sealed interface HelloProgress {
    /** All octets so far fit a ClientHello, which is not complete yet. */
    enum NeedMore implements HelloProgress {
        INSTANCE
    }

    /**
     * The ClientHello is complete and valid.
     *
     * @param end the octets {@code received()[0..end)} are the records of the hello; what follows them is trailing
     *     data, for example 0-RTT data (RFC 8446 section 2.3)
     */
    record Complete(HelloFacts facts, int end) implements HelloProgress {}

    /**
     * The octets are no ClientHello that may pass; nothing fed later changes that.
     *
     * @param alert what to tell the client; it can be more precise than the reason's own alert
     * @param detail what is wrong, for the operator; octets of the client's stand in it in quotes and escaped
     */
    record Refused(Reason reason, TlsAlert alert, String detail) implements HelloProgress {}
}
