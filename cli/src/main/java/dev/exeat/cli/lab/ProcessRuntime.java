package dev.exeat.cli.lab;

import dev.exeat.control.lab.PodRuntime;
import dev.exeat.control.lab.PodSandbox;
import dev.exeat.proxy.capture.ReservedAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Pods that are processes of this machine. Each has a workload proxy on a loopback address of its own, which programs
 * in it find in their environment. Nothing keeps a program from going around its proxy. Thread-safe.
 */
final class ProcessRuntime implements PodRuntime {
    private static final ReservedAddresses RESERVED = new ReservedAddresses(ReservedAddresses.USUAL, List.of());
    /** Addresses of pods are from 127.77.0.1 on: every address of 127.0.0.0/8 is this machine. */
    private static final int NETWORK = 127 << 24 | 77 << 16;

    private static final int HOSTS = 0xfffe;

    private final PodProxies proxies;
    private final PodDirectories directories;
    private final Map<String, String> environment;
    private final AtomicInteger started = new AtomicInteger();

    /** @param environment of this process */
    ProcessRuntime(PodProxies proxies, PodDirectories directories, Map<String, String> environment) {
        this.proxies = proxies;
        this.directories = directories;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public PodSandbox start(Pod pod) {
        PodProxies.Started proxy = proxies.start(
                pod,
                new PodProxies.Listening(new InetSocketAddress(nextAddress(), 0), List.of(), RESERVED, Supplier::get));
        try {
            InetSocketAddress listens = proxy.proxy().address();
            String address = listens.getAddress().getHostAddress();
            String url = "http://" + address + ":" + listens.getPort();
            Path directory = directories.create(pod);
            Map<String, String> variables =
                    Map.of("https_proxy", url, "HTTPS_PROXY", url, PodProcesses.MARK, directory.toString());
            return new Sandbox(pod, new Sandbox.Inside(address, directory, variables, List.of()), environment, () -> {
                PodProcesses.end(directory);
                proxy.close();
            });
        } catch (RuntimeException e) {
            proxy.close();
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
}
