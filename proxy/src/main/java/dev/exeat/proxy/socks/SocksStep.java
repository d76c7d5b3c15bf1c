package dev.exeat.proxy.socks;

import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import java.nio.ByteBuffer;

/** What is to be done after some bytes of a SOCKS5 client. */
public sealed interface SocksStep {

    /** More bytes are needed; every byte given was taken. */
    record Incomplete() implements SocksStep {}

    /** These bytes are to be sent, and the reading goes on. */
    record Answer(ByteBuffer bytes) implements SocksStep {}

    /** A CONNECT to a name; the bytes behind the request are still in the buffer. */
    record Tunnel(HostPort target) implements SocksStep {}

    /** A CONNECT to an address: the client resolved the name itself, so only its SNI tells it. */
    record Literal(IpAddress address, int port) implements SocksStep {}

    /**
     * No tunnel: the bytes are to be sent and the connection closed.
     *
     * @param bytes the protocol's own refusal; empty where it has none
     * @param detail one sentence without any of the client's bytes
     */
    record Refused(ByteBuffer bytes, Reason reason, String detail) implements SocksStep {}
}
