package dev.exeat.proxy.workload;

import dev.exeat.identity.SvidSource;
import dev.exeat.model.ListenerKind;
import dev.exeat.net.EventLoop;
import dev.exeat.net.EventLoops;
import dev.exeat.net.Listener;
import dev.exeat.net.TcpStream;
import dev.exeat.proxy.EgressLimits;
import dev.exeat.proxy.OpenConnections;
import dev.exeat.proxy.OuterTls;
import dev.exeat.proxy.capture.ReservedAddresses;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The workload proxy: listens for the application's CONNECT and SOCKS5 on loopback, and for what the kernel
 * redirects, and carries what it takes over
 * mutual TLS to a gateway, never in another way. Safe for any thread.
 */
public final class WorkloadProxy implements AutoCloseable {

    /**
     * How the proxy runs.
     *
     * @param gateways at least one; taken in turn
     * @param transparent where connections come in that the kernel redirects; none by default
     * @param reserved the addresses that stand for names on redirected connections
     */
    public record Options(
            InetSocketAddress listen,
            List<InetSocketAddress> gateways,
            OnDeny onDeny,
            EgressLimits limits,
            List<InetSocketAddress> transparent,
            ReservedAddresses reserved) {
        public Options {
            gateways = List.copyOf(gateways);
            transparent = List.copyOf(transparent);
            if (gateways.isEmpty()) {
                throw new IllegalArgumentException("a workload proxy needs the address of a gateway");
            }
        }
    }

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private final OpenConnections<WorkloadConnection> open;
    private final Map<EventLoop, GatewayPool> pools = new HashMap<>();
    private final Listener listener;
    private final List<Listener> transparent = new ArrayList<>();
    private final AtomicInteger readyPools = new AtomicInteger();

    private WorkloadProxy(Options options, EventLoops loops, OuterTls tls, SvidSource source, WorkloadEvents events) {
        this.open = new OpenConnections<>(options.limits().connections());
        WorkloadServices services =
                new WorkloadServices(options.onDeny(), options.limits(), open, events, options.reserved());
        for (EventLoop loop : loops.all()) {
            Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, RandomGenerator.getDefault());
            pools.put(loop, new GatewayPool(loop, options.gateways(), H2Carrier.opener(tls), backoff, readyPools));
        }
        this.listener =
                loops.listen(options.listen(), stream -> WorkloadConnection.start(services, poolOf(stream), stream));
        try {
            for (InetSocketAddress address : options.transparent()) {
                transparent.add(loops.listen(
                        address,
                        stream -> WorkloadConnection.startRedirected(
                                services, poolOf(stream), stream, options.gateways())));
            }
        } catch (RuntimeException e) {
            stopListening();
            throw e;
        }
        pools.forEach((loop, pool) -> loop.execute(pool::start));
        source.onChange(() -> pools.forEach((loop, pool) -> loop.execute(pool::renew)));
    }

    /** Starts listening and opens the first connections to the gateways. */
    public static WorkloadProxy start(
            Options options, EventLoops loops, OuterTls tls, SvidSource source, WorkloadEvents events) {
        return new WorkloadProxy(options, loops, tls, source, events);
    }

    private GatewayPool poolOf(TcpStream stream) {
        GatewayPool pool = pools.get(stream.loop());
        if (pool == null) {
            throw new IllegalStateException("a connection came from a loop of another proxy");
        }
        return pool;
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /** Where redirected connections come in, in the order of the options. */
    public List<InetSocketAddress> transparentAddresses() {
        return transparent.stream().map(Listener::address).toList();
    }

    /** How many connections of the application are open that came in on such a listener. */
    public int open(ListenerKind kind) {
        return open.count(kind);
    }

    private void stopListening() {
        listener.close();
        transparent.forEach(Listener::close);
    }

    /** Whether a tunnel can be opened now: some loop has a connection to a gateway. */
    public boolean isConnected() {
        return readyPools.get() > 0;
    }

    /** Takes no new connections and waits for the open ones; returns how many had to be cut. */
    public int drain(Duration limit) throws InterruptedException {
        stopListening();
        return open.drain(limit);
    }

    @Override
    public void close() {
        stopListening();
        pools.forEach((loop, pool) -> loop.execute(pool::close));
    }
}
