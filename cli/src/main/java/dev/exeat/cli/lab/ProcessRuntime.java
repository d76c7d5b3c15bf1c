package dev.exeat.cli.lab;

import dev.exeat.control.lab.PodException;
import dev.exeat.control.lab.PodRuntime;
import dev.exeat.control.lab.PodSandbox;
import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.SpiffeId;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pods that are processes of this machine. Each has a workload proxy on a loopback address of its own, with an SVID of
 * its service account, and programs in it find the proxy in their environment. Nothing keeps a program from going
 * around its proxy. Thread-safe.
 */
public final class ProcessRuntime implements PodRuntime, AutoCloseable {
    private static final TlsOptions TLS = new TlsOptions(List.of("h2"));
    private static final Duration CONNECTED = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 5;
    /** Addresses of pods are from 127.77.0.1 on: every address of 127.0.0.0/8 is this machine. */
    private static final int NETWORK = 127 << 24 | 77 << 16;

    private static final int HOSTS = 0xfffe;

    private final Place place;
    private final Authority authority;
    private final WorkloadEvents events;
    private final InstantSource clock;
    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "lab"));
    private final AtomicInteger started = new AtomicInteger();

    /**
     * Where pods live.
     *
     * @param directory in which each has one of its own, to be in
     * @param gateway where its proxy finds the gateway
     * @param environment variables that programs in pods see too
     */
    public record Place(
            Path directory, String trustDomain, InetSocketAddress gateway, Map<String, String> environment) {
        public Place {
            environment = Map.copyOf(environment);
        }
    }

    /** @param authority issues for pods; closed by the caller, after this */
    public ProcessRuntime(Place place, Authority authority, WorkloadEvents events, InstantSource clock) {
        this.place = place;
        this.authority = authority;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public PodSandbox start(Pod pod) {
        SvidSource source =
                AuthoritySvidSource.open(authority, pod.account().spiffeId(place.trustDomain()), SanNames.NONE, clock);
        try {
            return start(pod, source);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private PodSandbox start(Pod pod, SvidSource source) {
        SpiffeId gateway = ServiceAccountRef.GATEWAY.spiffeId(place.trustDomain());
        SvidValidator validator = new SvidValidator(source::bundle, source::revocations, clock);
        OuterTls tls = OuterTls.client(source, new GatewayVerifier(validator, gateway), TLS);
        WorkloadProxy proxy;
        try {
            proxy = WorkloadProxy.start(
                    new WorkloadProxy.Options(
                            new InetSocketAddress(nextAddress(), 0),
                            List.of(place.gateway()),
                            OnDeny.ALERT,
                            EgressLimits.DEFAULT,
                            List.of(),
                            new ReservedAddresses(ReservedAddresses.USUAL, List.of())),
                    loops,
                    tls,
                    source,
                    events);
        } catch (RuntimeException e) {
            tls.close();
            throw e;
        }
        try {
            awaitConnection(proxy);
            return new ProcessSandbox(pod, proxy.address(), directory(pod), place.environment(), () -> {
                proxy.close();
                tls.close();
                source.close();
            });
        } catch (RuntimeException e) {
            proxy.close();
            tls.close();
            throw e;
        }
    }

    private InetAddress nextAddress() {
        int address = NETWORK + 1 + Math.floorMod(started.getAndIncrement(), HOSTS);
        byte[] octets = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return InetAddress.getByAddress(octets);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
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

    private Path directory(Pod pod) {
        try {
            return Files.createDirectories(
                    place.directory().resolve(pod.namespace()).resolve(pod.name()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the directory of a pod", e);
        }
    }

    /** Pods are closed before. */
    @Override
    public void close() {
        loops.close();
    }
}
