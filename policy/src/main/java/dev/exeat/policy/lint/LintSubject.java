package dev.exeat.policy.lint;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.egress.EgressPolicy;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Destination;
import dev.exeat.policy.egress.EgressPolicy.SetReference;
import dev.exeat.policy.egress.EgressReader;
import dev.exeat.policy.egress.HostSet;
import dev.exeat.policy.egress.HostSetReader;
import dev.exeat.policy.egress.Identities;
import dev.exeat.policy.mixer.MixerObject;
import dev.exeat.policy.mixer.MixerReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that checks look at. Immutable.
 *
 * @param complete whether no object was left out for its errors: only then can something be said to be named by nobody
 * @param uses every host that the objects name
 * @param hostSets by {@code namespace/name}
 * @param allowing the host sets that an allowance names
 */
record LintSubject(
        CompileOptions options,
        List<SpecView> objects,
        boolean complete,
        List<HostUse> uses,
        List<Egress> egress,
        List<Rule> rules,
        Map<String, HostSet> hostSets,
        Set<ObjectKey> allowing,
        Identities identities,
        Instant now) {

    /** An EgressPolicy, with its fields. */
    record Egress(SpecView view, EgressPolicy policy) {}

    /** A rule of Mixer, with its fields. */
    record Rule(SpecView view, MixerObject.Rule rule) {}

    /** @param sound objects without errors of their own */
    static LintSubject of(PolicyCompiler compiler, Collection<Resource> sound, boolean complete, Instant now) {
        List<SpecView> objects = sound.stream()
                .map(SpecView::of)
                .sorted((left, right) -> left.key().compareTo(right.key()))
                .toList();
        String root = compiler.options().rootNamespace();
        MixerReader mixer = new MixerReader(compiler.vocabulary(sound));
        List<Egress> egress = new ArrayList<>();
        List<Rule> rules = new ArrayList<>();
        Map<String, HostSet> hostSets = new HashMap<>();
        for (SpecView object : objects) {
            ObjectKey key = object.key();
            switch (key.kind()) {
                case "EgressPolicy" -> egress.add(new Egress(object, EgressReader.read(key, object.spec(), root)));
                case "HostSet" ->
                    hostSets.put(key.namespace() + "/" + key.name(), HostSetReader.read(key, object.spec()));
                case "rule" -> {
                    if (mixer.read(key, object.spec()) instanceof MixerObject.Rule rule) {
                        rules.add(new Rule(object, rule));
                    }
                }
                default -> {}
            }
        }
        Set<ObjectKey> allowing = new HashSet<>();
        LintSubject subject = new LintSubject(
                compiler.options(),
                objects,
                complete,
                HostUseReader.read(objects),
                egress,
                rules,
                hostSets,
                allowing,
                Identities.of(sound),
                now);
        egress.stream()
                .filter(policy -> policy.policy().action() == Action.ALLOW)
                .forEach(policy -> subject.sets(policy.policy()).forEach(set -> allowing.add(set.key())));
        return subject;
    }

    /** The set that a policy of a namespace means by a name: its own, else the root namespace's; null for none. */
    @Nullable
    HostSet hostSet(String name, String namespace) {
        if (name.indexOf('/') >= 0) {
            return hostSets.get(name);
        }
        HostSet own = hostSets.get(namespace + "/" + name);
        return own != null ? own : hostSets.get(options.rootNamespace() + "/" + name);
    }

    /** The sets that a policy names, as far as they are there. */
    List<HostSet> sets(EgressPolicy policy) {
        List<HostSet> sets = new ArrayList<>();
        for (Destination destination : policy.destinations()) {
            for (SetReference reference : destination.sets()) {
                HostSet set = hostSet(reference.name(), policy.key().namespace());
                if (set != null) {
                    sets.add(set);
                }
            }
        }
        return sets;
    }

    /** Whether a connection may pass because the host is named there. */
    boolean admits(HostUse use) {
        return use.role().admits() && (use.role() != HostUse.Role.HOST_SET || allowing.contains(use.object()));
    }
}
