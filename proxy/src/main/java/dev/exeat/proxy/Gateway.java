package dev.exeat.proxy;

import dev.exeat.identity.SvidValidator;
import dev.exeat.model.ListenerKind;
import dev.exeat.net.EventLoops;
import dev.exeat.net.Listener;
import dev.exeat.proxy.TunnelListener.TunnelServices;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gateway's data plane: its listeners, and what is open on them. Safe for any thread. */
public final class Gateway implements AutoCloseable {

    /**
     * Where the gateway listens.
     *
     * @param tunnel for mutual TLS, or null for none
     * @param plain for TLS without an identity, or null for none
     */
    public record Listeners(
            @Nullable InetSocketAddress tunnel, @Nullable InetSocketAddress plain) {}

    private final OpenConnections<EgressConnection> connections;
    private final OpenConnections<TunnelConnection> carriers;
    private final @Nullable Listener tunnel;
    private final @Nullable Listener plain;

    private Gateway(
            OpenConnections<EgressConnection> connections,
            OpenConnections<TunnelConnection> carriers,
            @Nullable Listener tunnel,
            @Nullable Listener plain) {
        this.connections = connections;
        this.carriers = carriers;
        this.tunnel = tunnel;
        this.plain = plain;
    }

    /**
     * Starts listening.
     *
     * @throws dev.exeat.net.ListenException if an address can't be had; nothing is left open then
     */
    public static Gateway start(
            Listeners addresses, EventLoops loops, EgressServices services, OuterTls tls, SvidValidator validator) {
        ConnectionIds ids = new ConnectionIds(new SecureRandom());
        OpenConnections<EgressConnection> connections =
                new OpenConnections<>(services.limits().connections());
        OpenConnections<TunnelConnection> carriers =
                new OpenConnections<>(services.limits().connections());
        TunnelServices tunnels = new TunnelServices(tls, validator, ids, carriers, connections);
        Listener tunnel = addresses.tunnel() == null
                ? null
                : loops.listen(addresses.tunnel(), new TunnelListener(services, tunnels));
        try {
            Listener plain = addresses.plain() == null
                    ? null
                    : loops.listen(addresses.plain(), new PlainListener(services, ids, connections));
            return new Gateway(connections, carriers, tunnel, plain);
        } catch (RuntimeException e) {
            if (tunnel != null) {
                tunnel.close();
            }
            throw e;
        }
    }

    public @Nullable InetSocketAddress tunnelAddress() {
        return tunnel == null ? null : tunnel.address();
    }

    public @Nullable InetSocketAddress plainAddress() {
        return plain == null ? null : plain.address();
    }

    /** How many connections are carried now. */
    public int open() {
        return connections.count();
    }

    /** How many of them came in on such a listener. */
    public int open(ListenerKind listener) {
        return connections.count(listener);
    }

    /** A look at what is carried now. */
    public LiveConnections live() {
        return new LiveConnections(connections);
    }

    /** Judges the open connections again on each {@link Recheck#changed}; the caller closes it. */
    public Recheck recheck(EgressServices services, SvidValidator validator, Recheck.Rules rules) {
        return new Recheck(services, validator, connections, rules);
    }

    /** Takes no new connections, waits until the open ones have ended, and cuts what is left; returns how many were cut. */
    public int drain(Duration limit) throws InterruptedException {
        closeListeners();
        carriers.beginDrain();
        int cut = connections.drain(limit);
        carriers.drain(Duration.ZERO);
        return cut;
    }

    private void closeListeners() {
        List<Listener> listeners = new ArrayList<>();
        if (tunnel != null) {
            listeners.add(tunnel);
        }
        if (plain != null) {
            listeners.add(plain);
        }
        listeners.forEach(Listener::close);
    }

    @Override
    public void close() {
        closeListeners();
    }
}
