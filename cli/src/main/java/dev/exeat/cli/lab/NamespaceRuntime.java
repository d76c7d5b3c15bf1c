package dev.exeat.cli.lab;

import dev.exeat.control.lab.PodRuntime;
import dev.exeat.control.lab.PodSandbox;
import dev.exeat.net.NetworkNamespace;
import dev.exeat.proxy.capture.DnsAnswers;
import dev.exeat.proxy.capture.DnsResponder;
import dev.exeat.proxy.capture.DnsResult;
import dev.exeat.proxy.capture.ReservedAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Pods that are namespaces. The proxy and the resolver of a pod are in this process, with sockets that listen within the
 * pod's network namespace; what they send to the gateway goes from outside, so that the namespace needs no way out and
 * has none. Thread-safe.
 */
final class NamespaceRuntime implements PodRuntime {
    private static final ReservedAddresses RESERVED = new ReservedAddresses(ReservedAddresses.USUAL, List.of());

    private static final int HOSTS = 0xfffe;

    private final PodProxies proxies;
    private final PodDirectories directories;
    private final NamespaceTools tools;
    private final Map<String, String> environment;
    private final Consumer<DnsResult> questions;
    private final AtomicInteger started = new AtomicInteger();

    /**
     * @param environment of this process
     * @param questions is told of each question for a name, on several threads
     */
    NamespaceRuntime(
            PodProxies proxies,
            PodDirectories directories,
            NamespaceTools tools,
            Map<String, String> environment,
            Consumer<DnsResult> questions) {
        this.proxies = proxies;
        this.directories = directories;
        this.tools = tools;
        this.environment = Map.copyOf(environment);
        this.questions = questions;
    }

    @Override
    public PodSandbox start(Pod pod) {
        PodNamespace.Plan plan = plan(pod.name(), started.getAndIncrement());
        PodNamespace namespace = PodNamespace.create(tools, List.of(), plan);
        try {
            PodProxies.Started proxy = proxies.start(pod, listening(namespace));
            try {
                DnsResponder resolver = NetworkNamespace.call(
                        namespace.network(),
                        () -> DnsResponder.open(loopback(PodNamespace.DNS_PORT), new DnsAnswers(RESERVED), questions));
                resolver.serve();
                return sandbox(pod, plan, namespace, () -> {
                    namespace.close();
                    resolver.close();
                    proxy.close();
                });
            } catch (RuntimeException e) {
                proxy.close();
                throw e;
            }
        } catch (RuntimeException e) {
            namespace.close();
            throw e;
        }
    }

    /** Every address of pods is in the network that most clusters use for them, and in one of those for private use. */
    static PodNamespace.Plan plan(String name, int number) {
        int host = 1 + Math.floorMod(number, HOSTS);
        return new PodNamespace.Plan(
                name, "10.244." + (host >> 8) + "." + (host & 0xff), "fd00:10:244::" + Integer.toHexString(host));
    }

    private static PodProxies.Listening listening(PodNamespace namespace) {
        List<InetSocketAddress> redirected = new ArrayList<>();
        redirected.add(loopback(PodNamespace.TRANSPARENT_PORT));
        if (namespace.hasIpv6()) {
            redirected.add(new InetSocketAddress(InetAddress.ofLiteral("::1"), PodNamespace.TRANSPARENT_PORT));
        }
        return new PodProxies.Listening(
                loopback(0), redirected, RESERVED, work -> NetworkNamespace.call(namespace.network(), work));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private Sandbox sandbox(Pod pod, PodNamespace.Plan plan, PodNamespace namespace, Runnable release) {
        Path directory = directories.create(pod);
        List<String> entering = tools.entering(namespace.pid(), directory.toString(), List.of());
        return new Sandbox(
                pod, new Sandbox.Inside(plan.address(), directory, Map.of(), entering), environment, release);
    }
}
