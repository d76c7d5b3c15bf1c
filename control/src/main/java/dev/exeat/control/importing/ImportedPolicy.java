package dev.exeat.control.importing;

import dev.exeat.model.HostPattern;
import dev.exeat.model.Place;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Mode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * An EgressPolicy to be written. Immutable.
 *
 * @param platform whether it is of the platform tier
 * @param owner empty where the source names nobody
 * @param sources empty for everybody in the namespace's reach
 * @param destinations empty for nothing at all
 * @param from what it was made of
 */
public record ImportedPolicy(
        String name,
        String namespace,
        boolean platform,
        Action action,
        Mode mode,
        String owner,
        List<Source> sources,
        List<Destination> destinations,
        Place from) {

    /** One source; what is empty does not matter. */
    public record Source(List<String> accounts, List<String> namespaces, List<String> blocks) {
        public Source {
            accounts = List.copyOf(accounts);
            namespaces = List.copyOf(namespaces);
            blocks = List.copyOf(blocks);
        }

        static Source ofAccount(String namespace, String name) {
            return new Source(List.of(namespace + "/" + name), List.of(), List.of());
        }

        static Source ofBlocks(Collection<String> blocks) {
            return new Source(List.of(), List.of(), List.copyOf(blocks));
        }
    }

    /**
     * Hosts on ports.
     *
     * @param ports empty for the default: 443 in an allowance, every port in a denial
     */
    public record Destination(List<HostPattern> hosts, List<Integer> ports) {
        public Destination {
            hosts = List.copyOf(new LinkedHashSet<>(hosts));
            ports = List.copyOf(new LinkedHashSet<>(ports));
        }
    }

    public ImportedPolicy {
        sources = List.copyOf(sources);
        destinations = List.copyOf(destinations);
    }

    static ImportedPolicy allow(String name, String namespace, Place from) {
        return new ImportedPolicy(name, namespace, false, Action.ALLOW, Mode.ENFORCE, "", List.of(), List.of(), from);
    }

    static ImportedPolicy deny(String name, String namespace, Place from) {
        return new ImportedPolicy(name, namespace, false, Action.DENY, Mode.ENFORCE, "", List.of(), List.of(), from);
    }

    ImportedPolicy named(String other) {
        return new ImportedPolicy(other, namespace, platform, action, mode, owner, sources, destinations, from);
    }

    ImportedPolicy ofPlatform() {
        return new ImportedPolicy(name, namespace, true, action, mode, owner, sources, destinations, from);
    }

    ImportedPolicy onTrial() {
        return new ImportedPolicy(name, namespace, platform, action, Mode.AUDIT, owner, sources, destinations, from);
    }

    ImportedPolicy keptBy(String who) {
        return new ImportedPolicy(name, namespace, platform, action, mode, who, sources, destinations, from);
    }

    ImportedPolicy selecting(List<Source> whom) {
        return new ImportedPolicy(name, namespace, platform, action, mode, owner, whom, destinations, from);
    }

    ImportedPolicy to(List<Destination> where) {
        return new ImportedPolicy(name, namespace, platform, action, mode, owner, sources, where, from);
    }
}
