package dev.exeat.proxy.workload;

import dev.exeat.net.ConnectHandler;
import dev.exeat.net.Connecting;
import dev.exeat.net.EventLoop;
import dev.exeat.net.TcpStream;
import dev.exeat.net.Timeout;
import dev.exeat.net.TlsFailure;
import dev.exeat.net.TlsHandler;
import dev.exeat.net.TlsStream;
import dev.exeat.proxy.OuterTls;
import dev.exeat.proxy.h2.H2ClientConnection;
import dev.exeat.proxy.h2.H2ClientHandler;
import dev.exeat.proxy.h2.H2Closed;
import dev.exeat.proxy.h2.H2Limits;
import dev.exeat.proxy.h2.OpenHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A carrier over HTTP/2: TCP, mutual TLS with the gateway's SPIFFE ID checked, then CONNECT streams. */
final class H2Carrier implements Carrier, ConnectHandler, TlsHandler, H2ClientHandler {
    static final Duration HANDSHAKE = Duration.ofSeconds(10);
    static final Duration DIAL = Duration.ofSeconds(5);
    private static final String ALPN = "h2";

    private final OuterTls tls;
    private final Owner owner;
    private @Nullable Connecting connecting;
    private @Nullable Timeout dialDeadline;
    private @Nullable TlsStream transport;
    private @Nullable H2ClientConnection http;
    private boolean over;

    private H2Carrier(OuterTls tls, Owner owner) {
        this.tls = tls;
        this.owner = owner;
    }

    static Opener opener(OuterTls tls) {
        return (loop, gateway, owner) -> {
            H2Carrier carrier = new H2Carrier(tls, owner);
            carrier.dial(loop, gateway);
            return carrier;
        };
    }

    private void dial(EventLoop loop, InetSocketAddress gateway) {
        if (gateway.isUnresolved()) {
            // The operator's own name, looked up anew each time; the look-up blocks, so not on the loop.
            Thread.ofVirtual().name("gateway-lookup").start(() -> {
                InetSocketAddress found = new InetSocketAddress(gateway.getHostString(), gateway.getPort());
                loop.execute(() -> connect(loop, found));
            });
        } else {
            connect(loop, gateway);
        }
    }

    private void connect(EventLoop loop, InetSocketAddress gateway) {
        if (over) {
            return;
        }
        if (gateway.isUnresolved()) {
            end("the name " + gateway.getHostString() + " does not resolve");
            return;
        }
        connecting = loop.connect(gateway, this);
        dialDeadline = loop.schedule(DIAL, () -> {
            if (transport == null && connecting != null) {
                connecting.cancel();
                end("no answer within " + DIAL.toSeconds() + " s");
            }
        });
    }

    @Override
    public void connected(TcpStream stream) {
        cancelDialDeadline();
        if (over) {
            stream.reset();
            return;
        }
        transport = tls.connect(stream, HANDSHAKE, this);
    }

    @Override
    public void failed(IOException e) {
        cancelDialDeadline();
        end(String.valueOf(e.getMessage()));
    }

    private void cancelDialDeadline() {
        if (dialDeadline != null) {
            dialDeadline.cancel();
        }
    }

    @Override
    public void established(TlsStream stream) {
        if (over) {
            stream.reset();
        } else if (!stream.facts().alpn().equals(ALPN)) {
            stream.end();
            end("the gateway does not speak HTTP/2");
        } else {
            http = H2ClientConnection.start(stream, H2Limits.defaults(), this);
        }
    }

    @Override
    public void failed(TlsStream stream, TlsFailure failure) {
        end("the TLS handshake failed: " + failure.detail());
    }

    @Override
    public void ready(H2ClientConnection connection) {
        if (!over) {
            owner.ready(this);
        }
    }

    @Override
    public void draining(H2ClientConnection connection) {
        if (!over) {
            owner.retired(this);
        }
    }

    @Override
    public void closed(H2ClientConnection connection, H2Closed how) {
        end(how.detail());
    }

    private void end(String detail) {
        if (!over) {
            over = true;
            owner.failed(this, detail);
        }
    }

    @Override
    public int available() {
        return over || http == null ? 0 : http.availableStreams();
    }

    @Override
    public void open(String authority, OpenHandler handler) {
        if (http == null) {
            throw new IllegalStateException("the carrier is not open");
        }
        http.open(authority, handler);
    }

    @Override
    public void drain() {
        if (http != null) {
            http.drain();
        } else {
            close();
        }
    }

    @Override
    public void close() {
        over = true;
        cancelDialDeadline();
        if (http != null) {
            http.close();
        } else if (transport != null) {
            transport.reset();
        } else if (connecting != null) {
            connecting.cancel();
        }
    }
}
