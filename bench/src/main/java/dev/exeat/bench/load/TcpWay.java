package dev.exeat.bench.load;

import dev.exeat.net.ConnectHandler;
import dev.exeat.net.EventLoop;
import dev.exeat.net.TcpStream;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A TCP connection for each stream. */
final class TcpWay implements Way {
    private final EventLoop loop;
    private final InetSocketAddress address;

    TcpWay(EventLoop loop, InetSocketAddress address) {
        this.loop = loop;
        this.address = address;
    }

    @Override
    public void open(Opened then) {
        loop.connect(address, new ConnectHandler() {
            @Override
            public void connected(TcpStream stream) {
                then.opened(stream);
            }

            @Override
            public void failed(IOException e) {
                then.failed(String.valueOf(e.getMessage()));
            }
        });
    }

    @Override
    public void close() {
        // It keeps nothing open.
    }
}
