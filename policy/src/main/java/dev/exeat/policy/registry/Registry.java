package dev.exeat.policy.registry;

import dev.exeat.model.HostPort;
import dev.exeat.policy.index.EntryTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts and ports are known. Exact hosts come before wildcards, longer before shorter. Never changes: an edit makes
 * another one. Immutable and thread-safe.
 */
public final class Registry {
    private static final Comparator<ServiceEntry> BY_KEY = Comparator.comparing(ServiceEntry::key);

    private final EntryTable<String, ServiceEntry> exact;
    private final EntryTable<String, ServiceEntry> wildcard;

    private Registry(EntryTable<String, ServiceEntry> exact, EntryTable<String, ServiceEntry> wildcard) {
        this.exact = exact;
        this.wildcard = wildcard;
    }

    public static Registry empty() {
        return new Registry(EntryTable.empty(BY_KEY), EntryTable.empty(BY_KEY));
    }

    /** The registry after a change; this one stays as it is. */
    public Registry edited(Collection<ServiceEntry> gone, Collection<ServiceEntry> come) {
        if (gone.isEmpty() && come.isEmpty()) {
            return this;
        }
        EntryTable.Edit<String, ServiceEntry> byName = exact.edit();
        EntryTable.Edit<String, ServiceEntry> bySuffix = wildcard.edit();
        for (ServiceEntry entry : gone) {
            entry.hosts().forEach(host -> (host.wildcard() ? bySuffix : byName).remove(host.suffix(), entry));
        }
        for (ServiceEntry entry : come) {
            entry.hosts().forEach(host -> (host.wildcard() ? bySuffix : byName).add(host.suffix(), entry));
        }
        return new Registry(byName.done(), bySuffix.done());
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

    private static @Nullable ServiceEntry admitting(List<ServiceEntry> entries, int port, @Nullable String namespace) {
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
        for (ServiceEntry entry : wildcard.get(name)) {
            if (entry.isVisibleTo(namespace)) {
                return entry.key() + " covers *." + name + ", which does not include " + name + " itself";
            }
        }
        return "";
    }

    /** Every entry that names the host on any port, the most specific first. */
    public List<ServiceEntry> covering(String name) {
        List<ServiceEntry> entries = new ArrayList<>(exact.get(name));
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            entries.addAll(wildcard.get(name.substring(dot + 1)));
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
