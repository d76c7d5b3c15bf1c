package dev.exeat.proxy;

import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.net.AcceptHandler;
import dev.exeat.net.TcpStream;
import dev.exeat.proxy.SourceGate.Entrance;
import java.nio.ByteBuffer;

/** The listener for applications' TLS as it is: no identity, the target is what the ClientHello names. */
final class PlainListener implements AcceptHandler {
    private final EgressServices services;
    private final Entrance entrance;
    private final OpenConnections<EgressConnection> connections;

    PlainListener(EgressServices services, Entrance entrance, OpenConnections<EgressConnection> connections) {
        this.services = services;
        this.entrance = entrance;
        this.connections = connections;
    }

    @Override
    public void accepted(TcpStream stream) {
        Arrival arrival = new Arrival(
                entrance.ids().next(),
                ListenerKind.PLAIN,
                TunnelMode.PLAIN,
                null,
                IpAddress.of(stream.peer().getAddress()),
                null,
                null);
        ConnectionTrace trace = new ConnectionTrace(
                arrival, stream.peer().getPort(), services.clock().instant());
        Reason refused = connections.admit(null);
        if (refused != null) {
            EarlyEnd.of(services, trace, refused, refused.description());
            entrance.turnaway().refuse(stream, refused);
        } else {
            EgressConnection.start(services, connections, stream, trace, ByteBuffer.allocate(0));
        }
    }
}
