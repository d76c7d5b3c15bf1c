package dev.exeat.flow.log;

import dev.exeat.flow.LineSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A syslog daemon that takes a stream of lines over TCP, each behind the count of its octets (RFC 6587 section 3.4.1). The
 * protocol acknowledges nothing: what was on its way when a connection broke may be lost, or may come twice. Used by one
 * thread.
 */
final class SyslogStream implements LineSink {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration STUCK = Duration.ofSeconds(10);

    private final String host;
    private final int port;
    private @Nullable Link open;

    private record Link(SocketChannel channel, Selector selector) {}

    SyslogStream(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        Link link = open;
        if (link != null && isClosedByPeer(link.channel)) {
            close();
            link = null;
        }
        if (link == null) {
            link = connect();
        }
        ByteBuffer framed = ByteBuffer.wrap(framed(lines, length));
        while (framed.hasRemaining()) {
            if (link.channel.write(framed) == 0
                    && link.selector.select(_ -> {}, STUCK.toMillis()) == 0
                    && link.channel.write(framed) == 0) {
                throw new SocketTimeoutException("the syslog daemon took nothing for " + STUCK.toSeconds() + " s");
            }
        }
    }

    private static byte[] framed(byte[] lines, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + length / 64 + 16);
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (lines[i] == '\n') {
                out.writeBytes(((i - start) + " ").getBytes(StandardCharsets.US_ASCII));
                out.write(lines, start, i - start);
                start = i + 1;
            }
        }
        return out.toByteArray();
    }

    /** A write to a connection that the other side has closed would succeed once, and its lines be lost. */
    private static boolean isClosedByPeer(SocketChannel channel) {
        ByteBuffer ignored = ByteBuffer.allocate(256);
        try {
            int read = channel.read(ignored);
            while (read > 0) {
                ignored.clear();
                read = channel.read(ignored);
            }
            return read < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private Link connect() throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, Math.toIntExact(CONNECT.toMillis()));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            Link link = new Link(channel, selector);
            open = link;
            channel.register(selector, SelectionKey.OP_WRITE);
            return link;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        Link link = open;
        open = null;
        if (link != null) {
            link.channel.close();
            link.selector.close();
        }
    }
}
