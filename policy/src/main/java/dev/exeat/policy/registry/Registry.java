package dev.exeat.policy.registry;

import dev.exeat.model.HostPattern;
import dev.exeat.model.HostPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which hosts and ports are known. Exact hosts come before wildcards, longer before shorter. Immutable. */
public final class Registry {
    private final Map<String, List<ServiceEntry>> exact;
    private final Map<String, List<ServiceEntry>> wildcard;

    public Registry(Collection<ServiceEntry> entries) {
        Map<String, List<ServiceEntry>> byName = new HashMap<>();
        Map<String, List<ServiceEntry>> bySuffix = new HashMap<>();
        List<ServiceEntry> sorted =
                entries.stream().sorted(Comparator.comparing(ServiceEntry::key)).toList();
        for (ServiceEntry entry : sorted) {
            for (HostPattern host : entry.hosts()) {
                (host.wildcard() ? bySuffix : byName)
                        .computeIfAbsent(host.suffix(), suffix -> new ArrayList<>(1))
                        .add(entry);
            }
        }
        this.exact = Map.copyOf(byName);
        this.wildcard = Map.copyOf(bySuffix);
    }

    /**
     * The entry that admits a host and port, or null where none does.
     *
     * @param namespace the client's, or null where its identity names none
     */
    public @Nullable ServiceEntry admitting(HostPort target, @Nullable String namespace) {
        String name = target.host().value();
        ServiceEntry found = admitting(exact.get(name), target.port(), namespace);
        int dot = wildcard.isEmpty() ? -1 : name.indexOf('.');
        while (found == null && dot >= 0) {
            found = admitting(wildcard.get(name.substring(dot + 1)), target.port(), namespace);
            dot = name.indexOf('.', dot + 1);
        }
        return found;
    }

    private static @Nullable ServiceEntry admitting(
            @Nullable List<ServiceEntry> entries, int port, @Nullable String namespace) {
        if (entries == null) {
            return null;
        }
        for (ServiceEntry entry : entries) {
            if (entry.isVisibleTo(namespace) && entry.admits(port)) {
                return entry;
            }
        }
        return null;
    }

    /** Why nothing admits a host and port, and which object would: for people. */
    public String hint(HostPort target, @Nullable String namespace) {
        String miss = nearestMiss(target, namespace);
        String entry = "a ServiceEntry with hosts: [" + target.host() + "] and ports: [{number: " + target.port()
                + ", name: tls-" + target.port() + ", protocol: TLS}] would admit it";
        return miss.isEmpty() ? entry : miss + "; " + entry;
    }

    private String nearestMiss(HostPort target, @Nullable String namespace) {
        String name = target.host().value();
        for (ServiceEntry entry : covering(name)) {
            if (!entry.isVisibleTo(namespace)) {
                continue;
            }
            ServiceEntry.Port port = entry.port(target.port());
            return port == null
                    ? entry.key() + " covers the host, but not port " + target.port() + " (only " + numbers(entry) + ")"
                    : entry.key() + " covers the host, but its port " + port.number() + " is declared "
                            + port.protocol() + ", not TLS";
        }
        if (!covering(name).isEmpty()) {
            return covering(name).getFirst().key() + " covers the host, but is not exported to "
                    + (namespace == null ? "clients without a namespace" : "the namespace " + namespace);
        }
        for (ServiceEntry entry : wildcard.getOrDefault(name, List.of())) {
            if (entry.isVisibleTo(namespace)) {
                return entry.key() + " covers *." + name + ", which does not include " + name + " itself";
            }
        }
        return "";
    }

    /** Every entry that names the host on any port, the most specific first. */
    private List<ServiceEntry> covering(String name) {
        List<ServiceEntry> entries = new ArrayList<>(exact.getOrDefault(name, List.of()));
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            entries.addAll(wildcard.getOrDefault(name.substring(dot + 1), List.of()));
        }
        return entries;
    }

    private static String numbers(ServiceEntry entry) {
        List<String> numbers = entry.ports().stream()
                .map(port -> Integer.toString(port.number()))
                .toList();
        return String.join(", ", numbers);
    }
}
