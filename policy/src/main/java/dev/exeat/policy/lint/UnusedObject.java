package dev.exeat.policy.lint;

import dev.exeat.model.ObjectKey;
import dev.exeat.policy.egress.HostSet;
import dev.exeat.policy.lint.LintSubject.Egress;
import dev.exeat.policy.lint.LintSubject.Rule;
import dev.exeat.policy.mixer.MixerObject;
import dev.exeat.policy.mixer.MixerObject.Action;
import dev.exeat.policy.mixer.MixerObject.Reference;
import dev.exeat.policy.mixer.MixerReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A handler, instance or host set that nothing names. */
final class UnusedObject implements LintCheck {
    private static final Set<String> OTHERS = Set.of("rule", "attributemanifest");
    private static final String MIXER_GROUP = "config.istio.io";

    @Override
    public String code() {
        return "unused-object";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        if (!subject.complete()) {
            return;
        }
        Set<String> named = new HashSet<>();
        for (Rule rule : subject.rules()) {
            for (Action action : rule.rule().actions()) {
                named.addAll(candidates(action.handler(), "handler", rule.rule()));
                action.instances().forEach(instance -> named.addAll(candidates(instance, "instance", rule.rule())));
            }
        }
        Set<ObjectKey> sets = new HashSet<>();
        for (Egress egress : subject.egress()) {
            subject.sets(egress.policy()).stream().map(HostSet::key).forEach(sets::add);
        }
        for (SpecView object : subject.objects()) {
            ObjectKey key = object.key();
            boolean ofMixer = key.group().equals(MIXER_GROUP)
                    && MixerReader.kinds().contains(key.kind())
                    && !OTHERS.contains(key.kind());
            boolean unused = ofMixer
                    ? !named.contains(key.name() + "." + key.kind() + "." + key.namespace())
                    : key.kind().equals("HostSet") && !sets.contains(key);
            if (unused) {
                findings.accept(new Finding(
                        key,
                        object.resource().place(),
                        "",
                        ofMixer ? "no rule names it, so it has no effect" : "no EgressPolicy names it",
                        "name it, or remove it"));
            }
        }
    }

    /** The full names that a reference may stand for; see {@link MixerObject#fullName}. */
    private static List<String> candidates(Reference reference, String kind, MixerObject.Rule rule) {
        String namespace = rule.key().namespace();
        String[] parts = reference.name().split("\\.", -1);
        return switch (parts.length) {
            case 1 -> List.of(reference.name() + "." + kind + "." + namespace);
            case 2 -> List.of(reference.name() + "." + namespace, parts[0] + "." + kind + "." + parts[1]);
            default -> List.of(reference.name());
        };
    }
}
