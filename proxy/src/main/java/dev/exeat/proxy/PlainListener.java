package dev.exeat.proxy;

import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.net.AcceptHandler;
import dev.exeat.net.TcpStream;
import java.nio.ByteBuffer;

/** The listener for applications' TLS as it is: no identity, the target is what the ClientHello names. */
final class PlainListener implements AcceptHandler {
    private final EgressServices services;
    private final ConnectionIds ids;
    private final OpenConnections<EgressConnection> connections;

    PlainListener(EgressServices services, ConnectionIds ids, OpenConnections<EgressConnection> connections) {
        this.services = services;
        this.ids = ids;
        this.connections = connections;
    }

    @Override
    public void accepted(TcpStream stream) {
        Arrival arrival = new Arrival(
                ids.next(),
                ListenerKind.PLAIN,
                TunnelMode.PLAIN,
                null,
                IpAddress.of(stream.peer().getAddress()),
                null,
                null);
        ConnectionTrace trace = new ConnectionTrace(
                arrival, stream.peer().getPort(), services.clock().instant());
        EgressConnection.start(services, connections, stream, trace, ByteBuffer.allocate(0));
    }
}
