package dev.exeat.policy.egress;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.policy.egress.EgressPolicy.Mode;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * That an EgressPolicy changes by itself.
 *
 * @param audit whether its audit ends then, and it comes into force; else its allowance ends
 */
public record Deadline(ObjectKey object, Instant until, boolean audit) {
    private static final String KIND = "EgressPolicy";

    /** Those of sound policies, the first first. */
    public static List<Deadline> of(Collection<Resource> resources, String rootNamespace) {
        List<Deadline> deadlines = new ArrayList<>();
        for (Resource resource : resources) {
            if (resource.key().kind().equals(KIND) && resource.body().get("spec") instanceof Node.Mapping spec) {
                Findings findings = new Findings(resource.key());
                EgressPolicy policy =
                        EgressReader.read(resource.key(), new Fields(spec, "spec", findings), rootNamespace);
                if (policy.until() != null && !findings.hasErrors()) {
                    deadlines.add(new Deadline(resource.key(), policy.until(), policy.mode() == Mode.AUDIT));
                }
            }
        }
        deadlines.sort(Comparator.comparing(Deadline::until).thenComparing(Deadline::object));
        return deadlines;
    }
}
