package dev.exeat.proxy;

import dev.exeat.identity.InvalidSvidException;
import dev.exeat.model.HostPort;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.net.ByteStream;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.StreamException;
import dev.exeat.net.Timeout;
import dev.exeat.net.TlsStream;
import dev.exeat.proxy.TunnelListener.TunnelServices;
import dev.exeat.proxy.http1.ConnectHead;
import dev.exeat.proxy.http1.ConnectRequestReader;
import dev.exeat.proxy.http1.HttpAnswers;
import dev.exeat.proxy.http1.Refusal;
import java.nio.ByteBuffer;

/** The one tunnel of a connection that speaks HTTP/1.1: CONNECT, its answer, then the application's bytes. */
final class Http1Tunnel implements ByteStream.Handler {
    private final EgressServices services;
    private final TunnelServices tunnels;
    private final TunnelConnection carrier;
    private final TlsStream stream;
    private final ConnectRequestReader reader = new ConnectRequestReader();
    private final Timeout deadline;
    private boolean over;

    Http1Tunnel(EgressServices services, TunnelServices tunnels, TunnelConnection carrier, TlsStream stream) {
        this.services = services;
        this.tunnels = tunnels;
        this.carrier = carrier;
        this.stream = stream;
        this.deadline = stream.loop().schedule(services.limits().helloDeadline(), () -> {
            over = true;
            carrier.gone(Reason.CLIENT_GONE, "no CONNECT request came in time");
            stream.end();
        });
    }

    void start(ByteBuffer first) {
        stream.handler(this);
        read(first);
        readable(stream);
    }

    @Override
    public void readable(ByteStream source) {
        while (!over) {
            IoBuffer scratch = source.loop().scratch();
            scratch.bytes().clear();
            try {
                int read = source.read(scratch);
                if (read == 0) {
                    return;
                }
                if (read < 0) {
                    finish();
                    carrier.gone(Reason.CLIENT_GONE, "the client ended the connection before it opened a tunnel");
                    source.end();
                    return;
                }
            } catch (StreamException e) {
                finish();
                carrier.gone(Reason.CLIENT_GONE, String.valueOf(e.getMessage()));
                source.reset();
                return;
            }
            read(scratch.bytes().flip());
        }
    }

    @Override
    public void writable(ByteStream source) {
        // Answers are small enough for the stream to take them whole.
    }

    private void read(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        switch (reader.read(bytes)) {
            case ConnectHead.Incomplete _ -> {}
            case ConnectHead.Refused refused -> {
                finish();
                ConnectionTrace trace = carrier.trace(TunnelMode.CONNECT_HTTP1, null, null, null);
                refuse(
                        trace,
                        refused.status(),
                        Refusals.of(
                                refused.reason(),
                                refused.detail(),
                                trace.arrival().id()));
            }
            case ConnectHead.Tunnel(HostPort target) -> {
                finish();
                open(target, bytes);
            }
        }
    }

    private void finish() {
        over = true;
        deadline.cancel();
    }

    private void open(HostPort target, ByteBuffer early) {
        SpiffeId identity;
        try {
            identity = carrier.identify();
        } catch (InvalidSvidException e) {
            ConnectionTrace trace = carrier.trace(TunnelMode.CONNECT_HTTP1, null, target, null);
            Reason reason = Refusals.reason(e);
            refuse(
                    trace,
                    403,
                    Refusals.of(reason, e.getMessage(), trace.arrival().id()));
            return;
        }
        ConnectionTrace trace = carrier.trace(TunnelMode.CONNECT_HTTP1, identity, target, null);
        Refusal refusal = tunnels.admit(services, trace, target);
        if (refusal != null) {
            refuse(trace, HttpAnswers.statusOf(refusal.reason()), refusal);
            return;
        }
        try {
            stream.write(HttpAnswers.established());
        } catch (StreamException e) {
            // The client broke the connection right behind its request.
            tunnels.connections().giveBack(identity);
            carrier.left();
            EarlyEnd.of(services, trace, Reason.CLIENT_GONE, String.valueOf(e.getMessage()));
            stream.reset();
            return;
        }
        EgressConnection.start(services, tunnels.connections(), carrier.leaving(stream), trace, early);
    }

    private void refuse(ConnectionTrace trace, int status, Refusal refusal) {
        carrier.left();
        EarlyEnd.of(services, trace, refusal.reason(), refusal.message());
        try {
            stream.write(HttpAnswers.refusal(status, refusal));
            stream.end();
        } catch (StreamException e) {
            stream.reset();
        }
    }
}
