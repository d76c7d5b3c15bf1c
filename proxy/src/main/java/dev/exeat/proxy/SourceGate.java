package dev.exeat.proxy;

import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.net.AcceptHandler;
import dev.exeat.net.TcpStream;
import dev.exeat.proxy.limit.KeyedCounts;
import dev.exeat.proxy.limit.Source;

/**
 * Lets in only so many connections of one source, before anything else is known of them. A connection counts until its
 * descriptor is given back.
 */
final class SourceGate implements AcceptHandler {
    private final EgressServices services;
    private final ListenerKind listener;
    private final Entrance entrance;
    private final AcceptHandler next;

    /**
     * What all listeners share.
     *
     * @param sources how many connections each source has
     */
    record Entrance(ConnectionIds ids, KeyedCounts<IpAddress> sources, Turnaway turnaway) {}

    SourceGate(EgressServices services, ListenerKind listener, Entrance entrance, AcceptHandler next) {
        this.services = services;
        this.listener = listener;
        this.entrance = entrance;
        this.next = next;
    }

    @Override
    public boolean isTaking() {
        return services.sink().hasRoom();
    }

    @Override
    public void accepted(TcpStream stream) {
        IpAddress address = IpAddress.of(stream.peer().getAddress());
        IpAddress source = Source.of(address);
        if (!entrance.sources().enter(source)) {
            refuse(stream, address);
            return;
        }
        stream.onClose(() -> entrance.sources().leave(source));
        next.accepted(stream);
    }

    private void refuse(TcpStream stream, IpAddress address) {
        Arrival arrival = new Arrival(
                entrance.ids().next(),
                listener,
                listener == ListenerKind.PLAIN ? TunnelMode.PLAIN : TunnelMode.UNKNOWN,
                null,
                address,
                null,
                null);
        ConnectionTrace trace = new ConnectionTrace(
                arrival, stream.peer().getPort(), services.clock().instant());
        EarlyEnd.of(services, trace, Reason.LIMIT_SOURCE, Reason.LIMIT_SOURCE.description());
        entrance.turnaway().refuse(stream, Reason.LIMIT_SOURCE);
    }
}
