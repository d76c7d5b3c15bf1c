package dev.exeat.cli.lab;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.settings.LabPods;
import dev.exeat.control.lab.PodRuntime;
import dev.exeat.proxy.capture.DnsResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses what pods are on this machine. */
public final class PodRuntimes {
    private static final Logger LOG = LoggerFactory.getLogger(PodRuntimes.class);

    private PodRuntimes() {}

    /**
     * Where pods live.
     *
     * @param directory in which each has one of its own, and which nobody else uses
     * @param environment of this process
     * @param questions is told of each question for a name in a namespace, on several threads
     */
    public record Place(Path directory, Map<String, String> environment, Consumer<DnsResult> questions) {
        public Place {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Tries what is possible, says what was chosen and why, and takes away what a lab has left that was killed.
     *
     * @throws CommandFailure if namespaces are asked for and can't be made
     */
    public static PodRuntime choose(LabPods wanted, PodProxies proxies, Place place) {
        PodDirectories directories = new PodDirectories(place.directory());
        directories.clear();
        if (wanted == LabPods.PROCESS) {
            return processes(proxies, directories, place, "--lab-pods process");
        }
        NamespaceProbe probe = NamespaceProbe.make(place.environment());
        NamespaceTools tools = probe.tools();
        if (tools != null) {
            LOG.atInfo()
                    .addKeyValue("rules", tools.nft() ? "nft" : "iptables")
                    .log("the lab's pods are network namespaces, without a way around their proxies");
            return new NamespaceRuntime(proxies, directories, tools, place.environment(), place.questions());
        }
        if (wanted == LabPods.NAMESPACE) {
            throw new CommandFailure("--lab-pods namespace: " + probe.problem());
        }
        return processes(proxies, directories, place, probe.problem());
    }

    private static PodRuntime processes(PodProxies proxies, PodDirectories directories, Place place, String reason) {
        LOG.atInfo()
                .addKeyValue("reason", reason)
                .log("the lab's pods are processes with HTTPS_PROXY, which can go around their proxies");
        return new ProcessRuntime(proxies, directories, place.environment());
    }
}
