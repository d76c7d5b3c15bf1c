package dev.exeat.testkit;

/** What a client sees of the answer to its first octets. */
public sealed interface Outcome {
    /** The upstream's marker came back. */
    record Forwarded() implements Outcome {}

    /**
     * A plaintext TLS alert came back.
     *
     * @param code the alert's number (RFC 8446 section 6)
     */
    record Alerted(int code) implements Outcome {}

    /** Other octets came back, read as ISO 8859-1. */
    record Answered(String text) implements Outcome {}

    /** The connection ended, in order or by a reset, without an octet. */
    record Closed() implements Outcome {}

    /** The outer TLS session was refused. */
    record OuterRefused(String message) implements Outcome {}

    /** Nothing came in time. */
    record Silence() implements Outcome {}
}
