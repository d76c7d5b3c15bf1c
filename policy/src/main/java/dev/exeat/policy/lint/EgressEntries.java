package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.egress.EgressPolicy;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Destination;
import dev.exeat.policy.egress.EgressPolicy.Mode;
import dev.exeat.policy.egress.EgressPolicy.SetReference;
import dev.exeat.policy.egress.EgressPolicy.Source;
import dev.exeat.policy.egress.EgressPolicy.Tier;
import dev.exeat.policy.egress.HostSet;
import dev.exeat.policy.egress.SpiffePattern;
import dev.exeat.policy.lint.Entry.Kind;
import dev.exeat.policy.lint.Entry.Part;
import dev.exeat.policy.lint.LintSubject.Egress;
import dev.exeat.policy.lint.cover.Claim;
import dev.exeat.policy.lint.cover.Claim.Axis;
import dev.exeat.policy.lint.cover.Term;
import dev.exeat.policy.manifest.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The destinations of policies that are in force, as entries. */
final class EgressEntries {
    private final LintSubject subject;

    EgressEntries(LintSubject subject) {
        this.subject = subject;
    }

    List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        for (Egress egress : subject.egress()) {
            if (egress.policy().mode() == Mode.ENFORCE) {
                List<Fields> destinations = SpecView.mappings(egress.view().spec(), "destinations");
                for (int i = 0; i < destinations.size(); i++) {
                    Entry entry = entry(egress.policy(), i, destinations.get(i));
                    if (entry != null) {
                        entries.add(entry);
                    }
                }
            }
        }
        return entries;
    }

    /** Null where nothing can be said, since a host set is missing. */
    private @Nullable Entry entry(EgressPolicy policy, int index, Fields fields) {
        Destination destination = policy.destinations().get(index);
        Map<Axis, Set<Term>> axes = new EnumMap<>(Axis.class);
        Set<Term> hosts = new HashSet<>();
        destination.hosts().forEach(host -> hosts.add(new Term.Host(host)));
        for (SetReference reference : destination.sets()) {
            HostSet set = subject.hostSet(reference.name(), policy.key().namespace());
            if (set == null) {
                return null;
            }
            set.hosts().forEach(host -> hosts.add(new Term.Host(host)));
        }
        axes.put(Axis.HOST, hosts);
        Set<Term> ports = new HashSet<>();
        destination.ports().forEach(port -> ports.add(new Term.Exact(port)));
        if (!ports.isEmpty()) {
            axes.put(Axis.PORT, ports);
        }
        Set<Term> clients = clients(policy);
        if (!clients.isEmpty()) {
            axes.put(Axis.CLIENT, clients);
        }
        if (!policy.conditions().isEmpty()) {
            axes.put(Axis.OTHER, Set.of(new Term.Exact(policy.conditions())));
        }
        Instant end = policy.until() == null ? Instant.MAX : policy.until();
        Kind kind = policy.action() == Action.ALLOW ? Kind.EGRESS_ALLOW : Kind.EGRESS_DENY;
        List<Part> parts = new ArrayList<>();
        // Whoever lets names lead into private networks adds something, whatever else allows the names.
        for (int i = 0;
                i < destination.hosts().size() && destination.exceptions().isEmpty();
                i++) {
            HostPattern host = destination.hosts().get(i);
            axes.put(Axis.HOST, Set.of(new Term.Host(host)));
            parts.add(new Part(
                    host.toString(), SpecView.item(fields, "hosts", i), new Claim(policy.key(), index, axes, end)));
        }
        axes.put(Axis.HOST, hosts);
        return new Entry(kind, new Claim(policy.key(), index, axes, end), parts);
    }

    /** Empty for everybody. */
    private Set<Term> clients(EgressPolicy policy) {
        String namespace = policy.key().namespace();
        boolean everywhere = policy.tier() == Tier.PLATFORM
                || namespace.equals(subject.options().rootNamespace());
        Set<Term> clients = new HashSet<>();
        if (policy.sources().isEmpty()) {
            return everywhere ? Set.of() : Set.of(new Term.Namespace(namespace));
        }
        for (Source source : policy.sources()) {
            clients(source, everywhere ? null : namespace, clients);
        }
        return clients;
    }

    /** @param only the namespace to which the policy is bound, or null for none */
    private void clients(Source source, @Nullable String only, Set<Term> clients) {
        boolean selectors = source.accounts() != null || source.namespaceLabels() != null;
        int kinds = (source.serviceAccounts().isEmpty() ? 0 : 1)
                + (source.namespaces().isEmpty() ? 0 : 1)
                + (source.ids().isEmpty() ? 0 : 1);
        if (selectors || kinds > 1 || !source.blocks().isEmpty()) {
            clients.add(only == null ? new Term.Exact(source) : new Term.Client(only, source));
            return;
        }
        source.serviceAccounts().forEach(account -> clients.add(account(account)));
        source.namespaces().forEach(name -> clients.add(new Term.Namespace(name)));
        source.ids().forEach(id -> clients.add(id(id, only)));
    }

    private static Term account(String account) {
        return new Term.Client(account.substring(0, account.indexOf('/')), account);
    }

    private Term id(SpiffePattern pattern, @Nullable String only) {
        SpiffeId id = pattern.exact();
        String trustDomain = subject.options().gateway().trustDomain();
        if (id != null
                && id.namespace() != null
                && id.equals(SpiffeId.ofServiceAccount(trustDomain, id.namespace(), "" + id.serviceAccount()))) {
            return account(id.namespace() + "/" + id.serviceAccount());
        }
        return only == null ? new Term.Exact(pattern) : new Term.Client(only, pattern);
    }
}
