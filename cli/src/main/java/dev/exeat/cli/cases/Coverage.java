package dev.exeat.cli.cases;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.DecisionTrace.Outcome;
import dev.exeat.policy.DecisionTrace.Step;
import dev.exeat.policy.Snapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of the rules that may decide took part in a decision: they matched, whatever became of it. What only reports, or
 * is not for this gateway, is none of them.
 */
public final class Coverage {
    private static final Set<Outcome> MATCHED = Set.of(Outcome.PASSED, Outcome.DENIED, Outcome.FAILED);
    private static final Comparator<PolicyRef> ORDER =
            Comparator.comparing(PolicyRef::object).thenComparingInt(PolicyRef::index);

    private final Set<PolicyRef> rules = new TreeSet<>(ORDER);
    private final Set<PolicyRef> covered = new HashSet<>();

    /** @param objects those of which the snapshot was made */
    public Coverage(Snapshot snapshot, Collection<ObjectKey> objects) {
        snapshot.deciding().forEach(rules::add);
        objects.stream()
                .filter(key -> key.kind().equals("ServiceEntry"))
                .forEach(key -> rules.add(new PolicyRef(key, 0)));
    }

    public void add(List<Step> steps) {
        for (Step step : steps) {
            if (step.rule() != null && MATCHED.contains(step.outcome())) {
                covered.add(step.rule());
            }
        }
    }

    /** How many rules there are that decide. */
    public int rules() {
        return rules.size();
    }

    /** Those that nothing has matched. */
    public List<PolicyRef> missed() {
        return rules.stream().filter(rule -> !covered.contains(rule)).toList();
    }

    int percent() {
        return rules.isEmpty() ? 100 : (rules.size() - missed().size()) * 100 / rules.size();
    }
}
