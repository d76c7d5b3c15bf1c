package dev.exeat.bench.load;

import dev.exeat.net.ByteStream;
import dev.exeat.proxy.h2.H2ClientConnection;
import dev.exeat.proxy.h2.H2ClientHandler;
import dev.exeat.proxy.h2.H2Closed;
import dev.exeat.proxy.h2.H2Limits;
import dev.exeat.proxy.h2.OpenHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A CONNECT stream for each, on one HTTP/2 connection over mutual TLS; another one is opened when the last is full. */
final class Http2Way implements Way {
    private final TlsWay tls;
    private final String authority;
    private final Queue<Opened> waiting = new ArrayDeque<>();
    private final List<H2ClientConnection> connections = new ArrayList<>();
    private @Nullable H2ClientConnection current;
    private boolean connecting;

    Http2Way(TlsWay tls, String authority) {
        this.tls = tls;
        this.authority = authority;
    }

    @Override
    public void open(Opened then) {
        waiting.add(then);
        openWaiting();
    }

    private void openWaiting() {
        while (!waiting.isEmpty()) {
            H2ClientConnection connection = current;
            if (connection == null || connection.availableStreams() == 0) {
                connect();
                return;
            }
            connection.open(authority, new Tunnel(waiting.remove()));
        }
    }

    private void connect() {
        if (connecting) {
            return;
        }
        connecting = true;
        tls.open(new Opened() {
            @Override
            public void opened(ByteStream stream) {
                connections.add(H2ClientConnection.start(stream, H2Limits.defaults(), new Life()));
            }

            @Override
            public void failed(String detail) {
                connecting = false;
                failAll(detail);
            }
        });
    }

    private void failAll(String detail) {
        for (Opened opened = waiting.poll(); opened != null; opened = waiting.poll()) {
            opened.failed(detail);
        }
    }

    private record Tunnel(Opened then) implements OpenHandler {
        @Override
        public void opened(ByteStream tunnel) {
            then.opened(tunnel);
        }

        @Override
        public void refused(int status, byte[] body) {
            then.failed("CONNECT was answered " + status + " " + new String(body, StandardCharsets.UTF_8));
        }

        @Override
        public void failed(boolean untouched, String detail) {
            then.failed(detail);
        }
    }

    private final class Life implements H2ClientHandler {
        @Override
        public void ready(H2ClientConnection connection) {
            connecting = false;
            current = connection;
            openWaiting();
        }

        @Override
        public void draining(H2ClientConnection connection) {
            // It counts as full from now on.
        }

        @Override
        public void closed(H2ClientConnection connection, H2Closed how) {
            connecting = false;
            if (connection == current) {
                current = null;
            }
            if (!how.clean()) {
                failAll(how.detail());
            }
        }
    }

    @Override
    public void close() {
        for (H2ClientConnection connection : connections) {
            if (!connection.isClosed()) {
                connection.drain();
            }
        }
        tls.close();
    }
}
