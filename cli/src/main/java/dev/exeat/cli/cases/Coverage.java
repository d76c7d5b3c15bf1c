package dev.exeat.cli.cases;

import dev.exeat.model.PolicyRef;
import dev.exeat.model.Resource;
import dev.exeat.policy.DecisionTrace.Outcome;
import dev.exeat.policy.DecisionTrace.Step;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which rules took part in a decision: they matched, whatever became of it. A rule that only reports is left out. */
final class Coverage {
    private static final Set<String> KINDS = Set.of("rule", "ServiceEntry", "AuthorizationPolicy", "EgressPolicy");
    private static final Comparator<PolicyRef> ORDER =
            Comparator.comparing(PolicyRef::object).thenComparingInt(PolicyRef::index);

    private final Set<PolicyRef> known = new TreeSet<>(ORDER);
    private final Set<PolicyRef> covered = new HashSet<>();
    private final Set<PolicyRef> reporting = new HashSet<>();

    /** @param resources those whose rules count */
    Coverage(Collection<Resource> resources) {
        for (Resource resource : resources) {
            if (KINDS.contains(resource.key().kind())) {
                known.add(new PolicyRef(resource.key(), 0));
            }
        }
    }

    void add(List<Step> steps) {
        for (Step step : steps) {
            PolicyRef rule = step.rule();
            if (rule == null || !KINDS.contains(rule.object().kind())) {
                continue;
            }
            known.add(rule);
            if (step.outcome() == Outcome.SKIPPED) {
                reporting.add(rule);
            } else if (step.outcome() != Outcome.NOT_MATCHED) {
                covered.add(rule);
            }
        }
    }

    /** How many rules there are that decide. */
    int rules() {
        return known.size() - reporting.size();
    }

    /** Those that no case has matched. */
    List<PolicyRef> missed() {
        return known.stream()
                .filter(rule -> !covered.contains(rule) && !reporting.contains(rule))
                .toList();
    }

    int percent() {
        return rules() == 0 ? 100 : (rules() - missed().size()) * 100 / rules();
    }
}
