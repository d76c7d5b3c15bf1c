package dev.exeat.flow.log;

import dev.exeat.flow.LineSink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** A syslog daemon that takes one datagram a line; what is too long for one is cut off. Used by one thread. */
final class SyslogDatagrams implements LineSink {
    /** Less than what UDP can carry (65,507 octets), and than a datagram of the local socket. */
    private static final int LONGEST = 60_000;

    private final DatagramSender.Opener opener;
    private @Nullable DatagramSender open;

    SyslogDatagrams(DatagramSender.Opener opener) {
        this.opener = opener;
    }

    /** Over UDP; the host is looked up when the socket is opened. */
    static SyslogDatagrams udp(String host, int port) {
        return new SyslogDatagrams(() -> {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new UnknownHostException(host);
            }
            // Connected, so that a port where nobody listens is an error and no silence.
            DatagramChannel channel = DatagramChannel.open().connect(address);
            return new DatagramSender() {
                @Override
                public void send(byte[] bytes, int offset, int length) throws IOException {
                    channel.write(ByteBuffer.wrap(bytes, offset, length));
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        });
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        DatagramSender sender = open;
        if (sender == null) {
            sender = opener.open();
            open = sender;
        }
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (lines[i] == '\n') {
                sender.send(lines, start, Math.min(i - start, LONGEST));
                start = i + 1;
            }
        }
    }

    @Override
    public void close() throws IOException {
        DatagramSender sender = open;
        open = null;
        if (sender != null) {
            sender.close();
        }
    }
}
