package dev.exeat.proxy.capture;

import java.util.Locale;

/** What became of a question that the responder got; the codes are values of a metric's label. */
public enum DnsResult {
    /** It was answered with the address that stands for the name. */
    ADDRESS,
    /** There is nothing of that type: the answer is empty. */
    NO_DATA,
    /** No question that a client of this responder has. */
    REFUSED,
    /** It breaks RFC 1035, is no question, or is too long. */
    MALFORMED,
    /** The client asks faster than it may, and got no answer. */
    LIMITED;

    private final String code = name().toLowerCase(Locale.ROOT);

    public String code() {
        return code;
    }
}
