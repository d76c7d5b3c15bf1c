package dev.exeat.proxy;

import dev.exeat.identity.InvalidSvidException;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.net.ByteStream;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.StreamException;
import dev.exeat.net.TcpStream;
import dev.exeat.net.Timeout;
import dev.exeat.net.TlsFacts;
import dev.exeat.net.TlsFailure;
import dev.exeat.net.TlsHandler;
import dev.exeat.net.TlsStream;
import dev.exeat.proxy.TunnelListener.TunnelServices;
import dev.exeat.proxy.h2.H2ServerConnection;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection of the tunnel listener: handshake, identity, and then what it carries, by ALPN and first
 * byte: {@code h2} CONNECT streams, one HTTP/1.1 CONNECT, or the application's ClientHello at once. Confined to its
 * loop, but for {@link #cut} and {@link #drain}.
 */
final class TunnelConnection implements TlsHandler, ByteStream.Handler, OpenConnections.Open {
    private static final int CONNECT_BEGINS = 'C';

    private final EgressServices services;
    private final TunnelServices tunnels;
    private final TcpStream tcp;
    private final long acceptedNanos = System.nanoTime();
    private @Nullable TlsStream transport;
    private @Nullable H2ServerConnection http2;
    private @Nullable Timeout openingDeadline;
    /** As it was right behind the handshake; null before, or where it was revoked by then. */
    private @Nullable SpiffeId peer;

    private boolean counted;
    private long handshakeNanos;
    private boolean over;

    private TunnelConnection(EgressServices services, TunnelServices tunnels, TcpStream tcp) {
        this.services = services;
        this.tunnels = tunnels;
        this.tcp = tcp;
    }

    static void start(EgressServices services, TunnelServices tunnels, TcpStream tcp) {
        TunnelConnection connection = new TunnelConnection(services, tunnels, tcp);
        Reason refused = tunnels.carriers().enter(connection);
        if (refused != null) {
            connection.record(refused, refused.description());
            tunnels.entrance().turnaway().refuse(tcp, refused);
            return;
        }
        try {
            connection.transport = tunnels.tls().accept(tcp, services.limits().handshakeDeadline(), connection);
        } catch (RuntimeException e) {
            connection.gone(Reason.INTERNAL_ERROR, "the TLS handshake could not begin: " + e.getMessage());
            throw e;
        }
    }

    @Override
    public void failed(TlsStream stream, TlsFailure failure) {
        handshakeNanos = System.nanoTime() - acceptedNanos;
        services.sink().handshake(failure.kind().name().toLowerCase(Locale.ROOT), handshakeNanos);
        Reason reason = switch (failure.kind()) {
            case TIMEOUT -> Reason.HANDSHAKE_TIMEOUT;
            case NO_CERTIFICATE, BAD_CERTIFICATE -> Reason.IDENTITY_INVALID;
            case PROTOCOL, RESET -> Reason.HANDSHAKE_FAILED;
        };
        gone(reason, failure.detail());
    }

    @Override
    public void established(TlsStream stream) {
        handshakeNanos = System.nanoTime() - acceptedNanos;
        services.sink().handshake("established", handshakeNanos);
        switch (stream.facts().alpn()) {
            case "h2" -> speakHttp2(stream);
            case "http/1.1" -> new Http1Tunnel(services, tunnels, this, stream).start(ByteBuffer.allocate(0));
            default -> awaitFirstByte(stream);
        }
    }

    private void speakHttp2(TlsStream stream) {
        H2ServerConnection started =
                H2ServerConnection.start(stream, services.limits().http2(), new Http2Tunnels(services, tunnels, this));
        http2 = started;
        Reason refused;
        try {
            SpiffeId proved = identify();
            peer = proved;
            refused = tunnels.carrierQuota().enter(proved);
            counted = refused == null;
        } catch (InvalidSvidException e) {
            // Revoked since the handshake: each tunnel that is asked for is answered so.
            return;
        }
        if (refused != null) {
            gone(refused, refused.description());
            started.refuse(refused.description());
        }
    }

    private void awaitFirstByte(TlsStream stream) {
        openingDeadline = stream.loop().schedule(services.limits().helloDeadline(), () -> {
            gone(Reason.HELLO_TIMEOUT, Reason.HELLO_TIMEOUT.description());
            stream.end();
        });
        stream.handler(this);
        readable(stream);
    }

    @Override
    public void readable(ByteStream stream) {
        IoBuffer scratch = stream.loop().scratch();
        scratch.bytes().clear();
        try {
            int read = stream.read(scratch);
            if (read > 0) {
                openByFirstByte((TlsStream) stream, scratch.bytes().flip());
            } else if (read < 0) {
                gone(Reason.CLIENT_GONE, "the client ended the connection before it opened a tunnel");
                stream.end();
            }
        } catch (StreamException e) {
            gone(Reason.CLIENT_GONE, String.valueOf(e.getMessage()));
            stream.reset();
        }
    }

    @Override
    public void writable(ByteStream stream) {
        // Nothing is written before the tunnel is open.
    }

    private void openByFirstByte(TlsStream stream, ByteBuffer first) {
        if (openingDeadline != null) {
            openingDeadline.cancel();
        }
        if (stream.facts().alpn().isEmpty() && first.get(first.position()) == CONNECT_BEGINS) {
            new Http1Tunnel(services, tunnels, this, stream).start(first);
        } else {
            openDirect(stream, first);
        }
    }

    private void openDirect(TlsStream stream, ByteBuffer first) {
        SpiffeId identity;
        try {
            identity = identify();
        } catch (InvalidSvidException e) {
            gone(Refusals.reason(e), String.valueOf(e.getMessage()));
            stream.end();
            return;
        }
        ConnectionTrace trace =
                trace(TunnelMode.DIRECT, identity, null, stream.facts().serverName());
        Reason refused = tunnels.connections().admit(identity);
        if (refused != null) {
            left();
            EarlyEnd.of(services, trace, refused, refused.description());
            Turnaway.tell(stream, refused);
        } else {
            EgressConnection.start(services, tunnels.connections(), leaving(stream), trace, first);
        }
    }

    /** The identity of the peer, judged anew. */
    SpiffeId identify() {
        return tunnels.identify(facts().peerChainDer());
    }

    /** A stream whose connection ends with it: the carrier is counted out when the tunnel is. */
    ByteStream leaving(TlsStream stream) {
        left();
        return stream;
    }

    private TlsFacts facts() {
        TlsStream stream = transport;
        if (stream == null) {
            throw new IllegalStateException("the handshake has not begun");
        }
        return stream.facts();
    }

    /** A trace for one tunnel of this connection. */
    ConnectionTrace trace(
            TunnelMode mode,
            @Nullable SpiffeId identity,
            @Nullable HostPort connectTarget,
            @Nullable String outerName) {
        Arrival arrival = new Arrival(
                tunnels.ids().next(),
                ListenerKind.TUNNEL,
                mode,
                identity,
                IpAddress.of(tcp.peer().getAddress()),
                connectTarget,
                outerName);
        ConnectionTrace trace = new ConnectionTrace(
                arrival, tcp.peer().getPort(), services.clock().instant());
        if (transport != null) {
            trace.outer(transport.facts(), handshakeNanos);
        }
        return trace;
    }

    /** The connection ends before it carried a tunnel. */
    void gone(Reason reason, String detail) {
        if (openingDeadline != null) {
            openingDeadline.cancel();
        }
        if (!over) {
            left();
            record(reason, detail);
        }
    }

    /** The connection ends after it carried tunnels, which have records of their own. */
    void left() {
        over = true;
        tunnels.carriers().leave(this);
        SpiffeId proved = peer;
        if (counted && proved != null) {
            counted = false;
            tunnels.carrierQuota().leave(proved);
        }
    }

    void record(Reason reason, String detail) {
        EarlyEnd.of(services, trace(TunnelMode.UNKNOWN, peer, null, null), reason, detail);
    }

    @Override
    public ListenerKind listener() {
        return ListenerKind.TUNNEL;
    }

    @Override
    public void drain() {
        onLoop(() -> {
            if (http2 != null) {
                http2.drain();
            }
        });
    }

    @Override
    public void cut() {
        onLoop(() -> {
            if (http2 != null) {
                http2.close();
            } else if (!over && transport != null) {
                gone(Reason.DRAINING, Reason.DRAINING.description());
                transport.reset();
            }
        });
    }

    private void onLoop(Runnable task) {
        try {
            tcp.loop().execute(task);
        } catch (RejectedExecutionException e) {
            // The loop is closed, and has reset all its streams.
        }
    }
}
