package dev.exeat.bench.load;

import dev.exeat.net.ByteStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Asks a proxy for the upstream in the first octets of each stream: HTTP/1.1 CONNECT or SOCKS5. */
final class RequestWay implements Way {
    private static final byte[] SOCKS_GREETING = {5, 1, 0};
    private static final int SOCKS_REPLY = 10;

    private final Way below;
    private final String authority;
    private final boolean socks;

    private RequestWay(Way below, String authority, boolean socks) {
        this.below = below;
        this.authority = authority;
        this.socks = socks;
    }

    static RequestWay connect(Way below, String authority) {
        return new RequestWay(below, authority, false);
    }

    static RequestWay socks(Way below, String authority) {
        return new RequestWay(below, authority, true);
    }

    @Override
    public void open(Opened then) {
        below.open(new Opened() {
            @Override
            public void opened(ByteStream stream) {
                Talk talk = new Talk(stream, then::failed);
                Runnable open = () -> then.opened(talk.handOver());
                if (socks) {
                    Expected reply = Expected.socks(SOCKS_REPLY);
                    talk.ask(SOCKS_GREETING, Expected.socks(2), () -> talk.ask(socksRequest(), reply, open));
                } else {
                    talk.ask(connectRequest(), Expected.http200(), open);
                }
            }

            @Override
            public void failed(String detail) {
                then.failed(detail);
            }
        });
    }

    private byte[] connectRequest() {
        return ("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** RFC 1928 section 4, with a domain name. */
    private byte[] socksRequest() {
        int colon = authority.lastIndexOf(':');
        byte[] host = authority.substring(0, colon).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {5, 1, 0, 3, (byte) host.length});
        out.writeBytes(host);
        short port = (short) Integer.parseInt(authority.substring(colon + 1));
        out.writeBytes(ByteBuffer.allocate(2).putShort(port).array());
        return out.toByteArray();
    }

    @Override
    public void close() {
        below.close();
    }
}
