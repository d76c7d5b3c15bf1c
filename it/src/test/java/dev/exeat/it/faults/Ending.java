package dev.exeat.it.faults;

/** How a visit ended, as its client saw it. */
enum Ending {
    /** All octets went both ways, with the right digests, and the end was in order. */
    DELIVERED,
    /** A TLS alert, or a CONNECT that was refused. */
    REFUSED,
    /** An error that can't be taken for an end in order. */
    FAILED,
    /** An end in order, though octets were missing. */
    TRUNCATED,
    /** Other octets than were sent. */
    CORRUPT,
    /** No octet for longer than the client waits. */
    SILENT
}
