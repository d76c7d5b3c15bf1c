package dev.exeat.cli.lab;

import dev.exeat.cli.setup.CaptureRules;
import dev.exeat.cli.setup.IptablesScript;
import dev.exeat.cli.setup.NftRules;
import dev.exeat.control.lab.PodException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Namespaces of a pod: one process of ours holds them, the first of its process namespace. It ends when its standard
 * input does, so also when this process is killed, and then the kernel ends all that runs in the pod and takes the
 * namespaces away, with their interfaces and rules. Nothing of them has a name that could be left behind. Thread-safe.
 *
 * <p>The one interface leads nowhere. It is there because the kernel looks for a route before it redirects.
 */
final class PodNamespace implements AutoCloseable {
    static final int TRANSPARENT_PORT = 10129;
    static final int DNS_PORT = 53;
    private static final long PATIENCE_SECONDS = 10;
    private static final String READY = "ready ";

    /**
     * Makes the inside: $1 is the name of the pod, $2 and $3 its addresses, $4 the program that takes the rules $5. Names
     * are asked of the pod's own resolver alone: what else answers such questions on this machine is out of sight. The
     * kernel reaps orphans for a first process that ignores SIGCHLD.
     */
    private static final String SCRIPT = """
            set -e
            hostname "$(printf %.63s "$1")" 2>/dev/null || true
            ip link set lo up
            ip link add eth0 type dummy 2>/dev/null || ip link add eth0 type veth peer name eth1
            if [ -d /proc/sys/net/ipv6/conf/eth1 ]; then echo 1 > /proc/sys/net/ipv6/conf/eth1/disable_ipv6; fi
            ip link set eth0 addrgenmode none multicast off 2>/dev/null || true
            if ip link show eth1 >/dev/null 2>&1; then ip link set eth1 up; fi
            ip addr add "$2/32" dev eth0
            ip link set eth0 up
            ip route add default dev eth0
            six=no
            if ip -6 addr add "$3/128" dev lo nodad 2>/dev/null && ip -6 route add default dev eth0 2>/dev/null; then
              six=yes
            fi
            printf %s "$5" | $4
            etc=$(mktemp -d)
            printf 'nameserver 127.0.0.1\\n' > "$etc/resolv.conf"
            printf '127.0.0.1 localhost\\n::1 localhost\\n%s %s\\n' "$2" "$1" > "$etc/hosts"
            if [ -f /etc/nsswitch.conf ]; then
              sed 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf > "$etc/nsswitch.conf"
            fi
            for other in /run/nscd /run/systemd/resolve /run/avahi-daemon /run/dbus; do
              if [ -d $other ]; then mount -t tmpfs -o mode=755 none $other; fi
            done
            for file in resolv.conf hosts nsswitch.conf; do
              place=$(readlink -f /etc/$file || true)
              case $place in /run/systemd/resolve/*) : > "$place";; esac
              if [ -f "$place" ] && [ -f "$etc/$file" ]; then
                mount --bind "$etc/$file" "$place"
              fi
            done
            rm -r "$etc"
            reaping=''
            if env --ignore-signal=CHLD true 2>/dev/null; then reaping='env --ignore-signal=CHLD'; fi
            echo "ready $six"
            exec $reaping cat >/dev/null 2>&1
            """;

    private final Process holder;
    private final ProcessHandle first;
    private final boolean ipv6;

    /** What a pod has of its own within. */
    record Plan(String name, String address, String ipv6Address) {}

    private PodNamespace(Process holder, ProcessHandle first, boolean ipv6) {
        this.holder = holder;
        this.first = first;
        this.ipv6 = ipv6;
    }

    /**
     * Makes them.
     *
     * @param before words before those of the program that makes them
     * @throws PodException if that fails here; the message says why
     */
    static PodNamespace create(NamespaceTools tools, List<String> before, Plan plan) {
        CaptureRules rules = CaptureRules.ofAll(TRANSPARENT_PORT, DNS_PORT);
        List<String> words = new ArrayList<>(before);
        words.addAll(tools.isolating());
        words.addAll(List.of("/bin/sh", "-c", SCRIPT, "exeat-pod", plan.name(), plan.address(), plan.ipv6Address()));
        words.addAll(
                tools.nft()
                        ? List.of("nft -f -", NftRules.apply(rules))
                        : List.of("/bin/sh -s", IptablesScript.apply(rules)));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", tools.path());
        try {
            return awaitReady(builder.start());
        } catch (IOException e) {
            throw new PodException("the namespaces of a pod cannot be made: " + e.getMessage());
        }
    }

    private static PodNamespace awaitReady(Process holder) throws IOException {
        // A machine on which one of these programs hangs gets no pods, and no waiting either.
        CompletableFuture<Void> late = new CompletableFuture<Void>()
                .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .thenRun(holder::destroyForcibly);
        List<String> said = new ArrayList<>();
        try (BufferedReader reader = holder.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(READY)) {
                    ProcessHandle first = holder.children()
                            .findFirst()
                            .orElseThrow(() -> new PodException("the namespaces of a pod ended at once"));
                    return new PodNamespace(holder, first, line.equals(READY + "yes"));
                }
                said.add(line);
            }
        } catch (RuntimeException e) {
            holder.destroyForcibly();
            throw e;
        } finally {
            late.cancel(false);
        }
        holder.destroyForcibly();
        throw new PodException("the namespaces of a pod cannot be made: "
                + (said.isEmpty() ? "they end without a word" : String.join("; ", said)));
    }

    /** Whether programs within have IPv6. */
    boolean hasIpv6() {
        return ipv6;
    }

    /** The file of its network namespace. */
    Path network() {
        return Path.of("/proc", Long.toString(first.pid()), "ns", "net");
    }

    /** The process that holds them. */
    long pid() {
        return first.pid();
    }

    /** Ends all that runs within. */
    @Override
    public void close() {
        first.destroyForcibly();
        holder.destroyForcibly();
        try {
            if (!holder.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new PodException("the namespaces of a pod do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
