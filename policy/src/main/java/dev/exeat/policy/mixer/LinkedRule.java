package dev.exeat.policy.mixer;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.cexl.CompiledExpression;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule whose references are resolved. Immutable and thread-safe.
 *
 * @param match null where the rule always applies
 */
record LinkedRule(ObjectKey key, @Nullable CompiledExpression match, List<CheckStep> checks, List<Report> reports) {
    /** By name first: this order alone decides how messages follow one another. */
    static final Comparator<LinkedRule> BY_NAME =
            Comparator.<LinkedRule, String>comparing(rule -> rule.key().name()).thenComparing(LinkedRule::key);

    /** @param rule with the index of the action */
    record CheckStep(PolicyRef rule, Check check) {}

    LinkedRule {
        checks = List.copyOf(checks);
        reports = List.copyOf(reports);
    }

    /** {@code name.rule.namespace}. */
    String fullName() {
        return key.name() + "." + key.kind() + "." + key.namespace();
    }
}
