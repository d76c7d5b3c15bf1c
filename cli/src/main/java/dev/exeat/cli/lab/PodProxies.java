package dev.exeat.cli.lab;

import dev.exeat.control.lab.PodException;
import dev.exeat.control.lab.PodRuntime;
import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.SvidValidator;
import dev.exeat.net.EventLoops;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.TlsOptions;
import dev.exeat.proxy.EgressLimits;
import dev.exeat.proxy.GatewayVerifier;
import dev.exeat.proxy.OuterTls;
import dev.exeat.proxy.capture.ReservedAddresses;
import dev.exeat.proxy.workload.OnDeny;
import dev.exeat.proxy.workload.WorkloadEvents;
import dev.exeat.proxy.workload.WorkloadProxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Starts the workload proxies of pods in this process, each with an SVID of its pod's service account. Thread-safe. */
public final class PodProxies implements AutoCloseable {
    private static final TlsOptions TLS = new TlsOptions(List.of("h2"));
    private static final Duration CONNECTED = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 5;

    private final Gateway gateway;
    private final Authority authority;
    private final WorkloadEvents events;
    private final InstantSource clock;
    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "lab"));

    /** Where proxies find the gateway. */
    public record Gateway(InetSocketAddress address, String trustDomain) {}

    /**
     * Where a proxy listens.
     *
     * @param redirected for connections that the kernel redirects
     * @param reserved addresses that stand for names on such connections
     * @param within has the sockets made in the network namespace in which the pod is
     */
    record Listening(
            InetSocketAddress listen,
            List<InetSocketAddress> redirected,
            ReservedAddresses reserved,
            Function<Supplier<WorkloadProxy>, WorkloadProxy> within) {}

    /** A proxy that has a connection to the gateway, with its identity. */
    record Started(WorkloadProxy proxy, Runnable release) implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    /** @param authority issues for pods; closed by the caller, after this */
    public PodProxies(Gateway gateway, Authority authority, WorkloadEvents events, InstantSource clock) {
        this.gateway = gateway;
        this.authority = authority;
        this.events = events;
        this.clock = clock;
    }

    /** @throws PodException if it gets no connection to the gateway */
    Started start(PodRuntime.Pod pod, Listening listening) {
        SvidSource source = AuthoritySvidSource.open(
                authority, pod.account().spiffeId(gateway.trustDomain()), SanNames.NONE, clock);
        try {
            return start(listening, source);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private Started start(Listening listening, SvidSource source) {
        SvidValidator validator = new SvidValidator(source::bundle, source::revocations, clock);
        OuterTls tls = OuterTls.client(
                source, new GatewayVerifier(validator, ServiceAccountRef.GATEWAY.spiffeId(gateway.trustDomain())), TLS);
        WorkloadProxy proxy;
        try {
            WorkloadProxy.Options options = new WorkloadProxy.Options(
                    listening.listen(),
                    List.of(gateway.address()),
                    OnDeny.ALERT,
                    EgressLimits.DEFAULT,
                    listening.redirected(),
                    listening.reserved());
            proxy = listening.within().apply(() -> WorkloadProxy.start(options, loops, tls, source, events));
        } catch (RuntimeException e) {
            tls.close();
            throw e;
        }
        Started started = new Started(proxy, () -> {
            proxy.close();
            tls.close();
            source.close();
        });
        try {
            awaitConnection(proxy);
            return started;
        } catch (RuntimeException e) {
            proxy.close();
            tls.close();
            throw e;
        }
    }

    private static void awaitConnection(WorkloadProxy proxy) {
        long end = System.nanoTime() + CONNECTED.toNanos();
        try {
            while (!proxy.isConnected()) {
                if (System.nanoTime() - end >= 0) {
                    throw new PodException("the proxy of the pod has no connection to the gateway");
                }
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PodException("the lab ends");
        }
    }

    /** Pods are closed before. */
    @Override
    public void close() {
        loops.close();
    }
}
