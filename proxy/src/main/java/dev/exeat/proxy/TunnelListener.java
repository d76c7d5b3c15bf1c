package dev.exeat.proxy;

import dev.exeat.identity.PeerRole;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.HostPort;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.net.AcceptHandler;
import dev.exeat.net.TcpStream;
import dev.exeat.proxy.SourceGate.Entrance;
import dev.exeat.proxy.http1.Refusal;
import dev.exeat.proxy.limit.IdentityQuota;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listener for workloads' proxies and sidecars: mutual TLS first, then tunnels. */
final class TunnelListener implements AcceptHandler {
    private final EgressServices services;
    private final TunnelServices tunnels;

    TunnelListener(EgressServices services, TunnelServices tunnels) {
        this.services = services;
        this.tunnels = tunnels;
    }

    @Override
    public void accepted(TcpStream stream) {
        TunnelConnection.start(services, tunnels, stream);
    }

    /**
     * What the tunnel listener needs beside the services of every connection.
     *
     * @param carriers the accepted connections
     * @param carrierQuota of each identity: those that speak HTTP/2, which stay open without a tunnel
     * @param connections the tunnels that they carry
     */
    record TunnelServices(
            OuterTls tls,
            SvidValidator validator,
            Entrance entrance,
            OpenConnections<TunnelConnection> carriers,
            IdentityQuota carrierQuota,
            OpenConnections<EgressConnection> connections) {

        ConnectionIds ids() {
            return entrance.ids();
        }

        /**
         * Lets a tunnel in that a CONNECT asked for, or says what to answer. Each null is followed by a connection that
         * begins, or by {@link OpenConnections#giveBack}.
         */
        @Nullable
        Refusal admit(EgressServices services, ConnectionTrace trace, HostPort target) {
            SpiffeId identity = trace.arrival().identity();
            Reason full = connections.admit(identity);
            if (full != null) {
                return Refusals.of(full, full.description(), trace.arrival().id());
            }
            Refusal refusal = EarlyVerdict.of(services, trace, target);
            if (refusal != null) {
                connections.giveBack(identity);
            }
            return refusal;
        }

        /** The identity that a chain proves now: revocation, expiry and bundle are judged again at each tunnel. */
        SpiffeId identify(List<byte[]> chainDer) {
            return validator.validate(chainDer, PeerRole.CLIENT);
        }
    }
}
