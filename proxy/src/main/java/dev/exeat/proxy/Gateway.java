package dev.exeat.proxy;

import dev.exeat.identity.SvidValidator;
import dev.exeat.model.ListenerKind;
import dev.exeat.net.AcceptHandler;
import dev.exeat.net.EventLoops;
import dev.exeat.net.InheritedPort;
import dev.exeat.net.Listener;
import dev.exeat.net.Takeover;
import dev.exeat.proxy.SourceGate.Entrance;
import dev.exeat.proxy.TunnelListener.TunnelServices;
import dev.exeat.proxy.limit.IdentityQuota;
import dev.exeat.proxy.limit.KeyedCounts;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway's data plane: its listeners, and what is open on them. Safe for any thread. */
public final class Gateway implements AutoCloseable {

    /**
     * Where the gateway listens.
     *
     * @param tunnel for mutual TLS, or null for none
     * @param plain for TLS without an identity, or null for none
     * @param before the process that this one takes over from, or null; its sockets serve for the same addresses
     */
    public record Listeners(
            @Nullable InetSocketAddress tunnel,
            @Nullable InetSocketAddress plain,
            @Nullable Takeover before) {

        private Listener open(EventLoops loops, String name, InetSocketAddress address, AcceptHandler handler) {
            InheritedPort inherited = before == null ? null : before.port(name);
            return inherited != null && serves(inherited.address(), address)
                    ? loops.listen(inherited, handler)
                    : loops.listen(address, handler);
        }

        private static boolean serves(InetSocketAddress bound, InetSocketAddress wanted) {
            return bound.getAddress().equals(wanted.getAddress())
                    && (wanted.getPort() == 0 || wanted.getPort() == bound.getPort());
        }
    }

    private static final String TUNNEL = "tunnel";
    private static final String PLAIN = "plain";

    private final OpenConnections<EgressConnection> connections;
    private final OpenConnections<TunnelConnection> carriers;
    private final LimitsInUse limits;
    private final @Nullable Listener tunnel;
    private final @Nullable Listener plain;

    private Gateway(
            OpenConnections<EgressConnection> connections,
            OpenConnections<TunnelConnection> carriers,
            LimitsInUse limits,
            @Nullable Listener tunnel,
            @Nullable Listener plain) {
        this.connections = connections;
        this.carriers = carriers;
        this.limits = limits;
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
        EgressLimits limits = services.limits();
        Entrance entrance = new Entrance(
                new ConnectionIds(new SecureRandom()),
                new KeyedCounts<>(limits.peers().connectionsPerSource()),
                new Turnaway());
        IdentityQuota carrierQuota = new IdentityQuota(limits.peers(), System::nanoTime);
        IdentityQuota quota = new IdentityQuota(limits.peers(), System::nanoTime);
        OpenConnections<EgressConnection> connections = new OpenConnections<>(limits.connections(), quota);
        OpenConnections<TunnelConnection> carriers = new OpenConnections<>(limits.connections());
        LimitsInUse use = new LimitsInUse(limits, connections, entrance.sources(), quota, carrierQuota);
        TunnelServices tunnels = new TunnelServices(tls, validator, entrance, carriers, carrierQuota, connections);
        Listener tunnel = addresses.tunnel() == null
                ? null
                : addresses.open(
                        loops,
                        TUNNEL,
                        addresses.tunnel(),
                        new SourceGate(services, ListenerKind.TUNNEL, entrance, new TunnelListener(services, tunnels)));
        try {
            Listener plain = addresses.plain() == null
                    ? null
                    : addresses.open(
                            loops,
                            PLAIN,
                            addresses.plain(),
                            new SourceGate(
                                    services,
                                    ListenerKind.PLAIN,
                                    entrance,
                                    new PlainListener(services, entrance, connections)));
            return new Gateway(connections, carriers, use, tunnel, plain);
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

    /** How far the limits of connections are used. */
    public LimitsInUse limits() {
        return limits;
    }

    /** Judges the open connections again on each {@link Recheck#changed}; the caller closes it. */
    public Recheck recheck(EgressServices services, SvidValidator validator, Recheck.Rules rules) {
        return new Recheck(services, validator, connections, rules);
    }

    /** Takes no new connections, waits until the open ones have ended, and cuts what is left; returns how many were cut. */
    public int drain(Duration limit) throws InterruptedException {
        stopListening();
        long deadline = System.nanoTime() + limit.toNanos();
        carriers.beginDrain();
        // Whoever was accepted before may be in the middle of a handshake, and is still carried.
        carriers.awaitNone(limit);
        int cut = connections.drain(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        carriers.drain(Duration.ZERO);
        return cut;
    }

    /** The open ports by name, for a process that takes over. */
    public Map<String, Listener> listeners() {
        Map<String, Listener> listeners = new LinkedHashMap<>();
        if (tunnel != null) {
            listeners.put(TUNNEL, tunnel);
        }
        if (plain != null) {
            listeners.put(PLAIN, plain);
        }
        return listeners;
    }

    /** Takes no new connections; the open ones go on. */
    public void stopListening() {
        listeners().values().forEach(Listener::close);
    }

    @Override
    public void close() {
        stopListening();
    }
}
