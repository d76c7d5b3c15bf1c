package dev.exeat.proxy.http1;

import dev.exeat.model.HostPort;
import dev.exeat.model.Reason;

/** What is known of the head of a request after some of its bytes. */
public sealed interface ConnectHead {

    /** The head is not complete; every byte given was taken. */
    record Incomplete() implements ConnectHead {}

    /** A CONNECT request; the bytes behind its head are still in the buffer. */
    record Tunnel(HostPort target) implements ConnectHead {}

    /**
     * A request that opens no tunnel; the connection is answered and closed.
     *
     * @param status 400, 405, 431 or 505
     * @param authority what the client asked for, as far as it was read; hostile text, empty if there is none
     * @param detail one sentence without any of the client's bytes
     */
    record Refused(int status, Reason reason, String authority, String detail) implements ConnectHead {}
}
