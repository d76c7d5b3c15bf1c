package dev.exeat.proxy.dial;

import dev.exeat.net.ConnectHandler;
import dev.exeat.net.Connecting;
import dev.exeat.net.EventLoop;
import dev.exeat.net.TcpStream;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Dials real TCP connections from an event loop. */
record LoopDialler(EventLoop loop) implements Dialler<TcpStream> {

    @Override
    public Cancel dial(InetSocketAddress address, Callback<TcpStream> callback) {
        Connecting connecting = loop.connect(address, new ConnectHandler() {
            @Override
            public void connected(TcpStream stream) {
                callback.connected(stream);
            }

            @Override
            public void failed(IOException e) {
                callback.failed(String.valueOf(e.getMessage()));
            }
        });
        return connecting::cancel;
    }
}
