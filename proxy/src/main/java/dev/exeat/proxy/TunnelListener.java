package dev.exeat.proxy;

import dev.exeat.identity.PeerRole;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.SpiffeId;
import dev.exeat.net.AcceptHandler;
import dev.exeat.net.TcpStream;
import java.util.List;

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
     * @param connections the tunnels that they carry
     */
    record TunnelServices(
            OuterTls tls,
            SvidValidator validator,
            ConnectionIds ids,
            OpenConnections<TunnelConnection> carriers,
            OpenConnections<EgressConnection> connections) {

        /** The identity that a chain proves now: revocation, expiry and bundle are judged again at each tunnel. */
        SpiffeId identify(List<byte[]> chainDer) {
            return validator.validate(chainDer, PeerRole.CLIENT);
        }
    }
}
