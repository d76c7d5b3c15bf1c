package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.policy.lint.Entry.Kind;
import dev.exeat.policy.lint.Entry.Part;
import dev.exeat.policy.lint.cover.Claim;
import dev.exeat.policy.lint.cover.Claim.Axis;
import dev.exeat.policy.lint.cover.Term;
import dev.exeat.policy.registry.ServiceEntry;
import dev.exeat.policy.registry.ServiceEntryReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** ServiceEntry objects, as entries. */
final class RegistryEntries {
    private RegistryEntries() {}

    static List<Entry> read(LintSubject subject) {
        List<Entry> entries = new ArrayList<>();
        for (SpecView object : subject.objects()) {
            if (object.key().kind().equals("ServiceEntry")) {
                ServiceEntry entry = ServiceEntryReader.read(object.key(), object.spec());
                // One with its endpoints on the gateway's machine stands for the gateway, and says nothing of its
                // hosts.
                if (!entry.local()) {
                    entries.add(entry(object, entry));
                }
            }
        }
        return entries;
    }

    private static Entry entry(SpecView object, ServiceEntry entry) {
        Map<Axis, Set<Term>> axes = new EnumMap<>(Axis.class);
        axes.put(Axis.PORT, entry.ports().stream().map(Term.Exact::new).collect(Collectors.toSet()));
        if (!entry.exportedTo().contains("*")) {
            axes.put(
                    Axis.EXPORT,
                    entry.exportedTo().stream().map(Term.Exact::new).collect(Collectors.toSet()));
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < entry.hosts().size(); i++) {
            HostPattern host = entry.hosts().get(i);
            axes.put(Axis.HOST, Set.of(new Term.Host(host)));
            parts.add(new Part(
                    host.toString(),
                    SpecView.item(object.spec(), "hosts", i),
                    new Claim(entry.key(), 0, axes, Instant.MAX)));
        }
        axes.put(Axis.HOST, entry.hosts().stream().map(Term.Host::new).collect(Collectors.toSet()));
        return new Entry(Kind.REGISTRY, new Claim(entry.key(), 0, axes, Instant.MAX), parts);
    }
}
