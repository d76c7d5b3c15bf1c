package dev.exeat.proxy;

import dev.exeat.identity.InvalidSvidException;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.proxy.TunnelListener.TunnelServices;
import dev.exeat.proxy.h2.Abuse;
import dev.exeat.proxy.h2.H2Closed;
import dev.exeat.proxy.h2.H2ConnectRequest;
import dev.exeat.proxy.h2.H2ServerHandler;
import dev.exeat.proxy.http1.HttpAnswers;
import dev.exeat.proxy.http1.Refusal;
import java.nio.ByteBuffer;

/** The tunnels of a connection that speaks HTTP/2: each CONNECT stream is a connection of its own. */
final class Http2Tunnels implements H2ServerHandler {
    private final EgressServices services;
    private final TunnelServices tunnels;
    private final TunnelConnection carrier;
    private boolean asked;

    Http2Tunnels(EgressServices services, TunnelServices tunnels, TunnelConnection carrier) {
        this.services = services;
        this.tunnels = tunnels;
        this.carrier = carrier;
    }

    @Override
    public void connect(H2ConnectRequest request) {
        asked = true;
        HostPort target;
        try {
            target = HostPort.parse(request.authority());
        } catch (InvalidNameException e) {
            ConnectionTrace trace = carrier.trace(TunnelMode.CONNECT_H2, null, null, null);
            refuse(
                    request,
                    trace,
                    Refusals.of(
                            Reason.AUTHORITY_INVALID,
                            e.getMessage(),
                            trace.arrival().id()));
            return;
        }
        SpiffeId identity;
        try {
            identity = carrier.identify();
        } catch (InvalidSvidException e) {
            ConnectionTrace trace = carrier.trace(TunnelMode.CONNECT_H2, null, target, null);
            refuse(
                    request,
                    trace,
                    Refusals.of(
                            Refusals.reason(e), e.getMessage(), trace.arrival().id()));
            return;
        }
        open(request, target, carrier.trace(TunnelMode.CONNECT_H2, identity, target, null));
    }

    private void open(H2ConnectRequest request, HostPort target, ConnectionTrace trace) {
        Refusal refusal = tunnels.admit(services, trace, target);
        if (refusal != null) {
            refuse(request, trace, refusal);
        } else {
            EgressConnection.start(services, tunnels.connections(), request.accept(), trace, ByteBuffer.allocate(0));
        }
    }

    private void refuse(H2ConnectRequest request, ConnectionTrace trace, Refusal refusal) {
        EarlyEnd.of(services, trace, refusal.reason(), refusal.message());
        request.refuse(HttpAnswers.statusOf(refusal.reason()), HttpAnswers.json(refusal));
    }

    @Override
    public void refused(int status, String detail) {
        asked = true;
        carrier.record(Reason.PROTOCOL_INVALID, detail);
    }

    @Override
    public void overLimit() {
        asked = true;
        carrier.record(Reason.LIMIT_TUNNELS, Reason.LIMIT_TUNNELS.description());
    }

    @Override
    public void closed(H2Closed how) {
        Abuse abuse = how.abuse();
        if (abuse != null) {
            services.sink().abuse(abuse);
            carrier.left();
            carrier.record(Reason.PROTOCOL_ABUSE, abuse.code() + ": " + how.detail());
        } else if (asked || how.clean()) {
            carrier.left();
        } else {
            carrier.gone(Reason.PROTOCOL_INVALID, how.detail());
        }
    }
}
