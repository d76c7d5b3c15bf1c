package dev.exeat.testkit;

import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;

/** What a client sends first, and what must become of it. Immutable. */
public final class HelloCase {
    private final String id;
    private final String title;
    private final byte[] octets;
    private final Expected expected;

    /** What a parser must say. */
    public sealed interface Expected {
        /**
         * A valid hello.
         *
         * @param serverName the canonical name
         */
        record Valid(String serverName) implements Expected {}

        record Refused(Reason reason, TlsAlert alert) implements Expected {}

        /** More octets must come. */
        record Incomplete() implements Expected {}
    }

    HelloCase(String id, String title, byte[] octets, Expected expected) {
        this.id = id;
        this.title = title;
        this.octets = octets.clone();
        this.expected = expected;
    }

    /** The case's number in the catalogue, a letter for its group and digits. */
    public String id() {
        return id;
    }

    public String title() {
        return title;
    }

    public byte[] octets() {
        return octets.clone();
    }

    public Expected expected() {
        return expected;
    }

    @Override
    public String toString() {
        return id + " " + title;
    }
}
