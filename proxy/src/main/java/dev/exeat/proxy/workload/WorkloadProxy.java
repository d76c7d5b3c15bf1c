package dev.exeat.proxy.workload;

import dev.exeat.identity.SvidSource;
import dev.exeat.net.EventLoop;
import dev.exeat.net.EventLoops;
import dev.exeat.net.Listener;
import dev.exeat.net.TcpStream;
import dev.exeat.proxy.EgressLimits;
import dev.exeat.proxy.OpenConnections;
import dev.exeat.proxy.OuterTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The workload proxy: listens for the application's CONNECT and SOCKS5 on loopback, and carries what it takes over
 * mutual TLS to a gateway, never in another way. Safe for any thread.
 */
public final class WorkloadProxy implements AutoCloseable {

    /**
     * How the proxy runs.
     *
     * @param gateways at least one; taken in turn
     */
    public record Options(
            InetSocketAddress listen, List<InetSocketAddress> gateways, OnDeny onDeny, EgressLimits limits) {
        public Options {
            gateways = List.copyOf(gateways);
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
    private final AtomicInteger readyPools = new AtomicInteger();

    private WorkloadProxy(Options options, EventLoops loops, OuterTls tls, SvidSource source, WorkloadEvents events) {
        this.open = new OpenConnections<>(options.limits().connections());
        WorkloadServices services = new WorkloadServices(options.onDeny(), options.limits(), open, events);
        for (EventLoop loop : loops.all()) {
            Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, RandomGenerator.getDefault());
            pools.put(loop, new GatewayPool(loop, options.gateways(), H2Carrier.opener(tls), backoff, readyPools));
        }
        this.listener = loops.listen(options.listen(), stream -> accepted(services, stream));
        pools.forEach((loop, pool) -> loop.execute(pool::start));
        source.onChange(() -> pools.forEach((loop, pool) -> loop.execute(pool::renew)));
    }

    /** Starts listening and opens the first connections to the gateways. */
    public static WorkloadProxy start(
            Options options, EventLoops loops, OuterTls tls, SvidSource source, WorkloadEvents events) {
        return new WorkloadProxy(options, loops, tls, source, events);
    }

    private void accepted(WorkloadServices services, TcpStream stream) {
        GatewayPool pool = pools.get(stream.loop());
        if (pool == null) {
            throw new IllegalStateException("a connection came from a loop of another proxy");
        }
        WorkloadConnection.start(services, pool, stream);
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /** How many connections of the application are open. */
    public int open() {
        return open.count();
    }

    /** Whether a tunnel can be opened now: some loop has a connection to a gateway. */
    public boolean isConnected() {
        return readyPools.get() > 0;
    }

    /** Takes no new connections and waits for the open ones; returns how many had to be cut. */
    public int drain(Duration limit) throws InterruptedException {
        listener.close();
        return open.drain(limit);
    }

    @Override
    public void close() {
        listener.close();
        pools.forEach((loop, pool) -> loop.execute(pool::close));
    }
}
