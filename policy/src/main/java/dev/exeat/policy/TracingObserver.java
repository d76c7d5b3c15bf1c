package dev.exeat.policy;

import dev.exeat.model.PolicyRef;
import dev.exeat.policy.DecisionTrace.Outcome;
import dev.exeat.policy.DecisionTrace.Stage;
import dev.exeat.policy.mixer.CheckObserver;

/** Writes down what becomes of each rule. */
record TracingObserver(DecisionTrace trace) implements CheckObserver {
    @Override
    public void skipped(PolicyRef rule, String why) {
        trace.add(Stage.CHECKS, rule, Outcome.SKIPPED, why);
    }

    @Override
    public void notMatched(PolicyRef rule, String why) {
        trace.add(Stage.CHECKS, rule, Outcome.NOT_MATCHED, why);
    }

    @Override
    public void matchFailed(PolicyRef rule, String why, boolean denies) {
        trace.add(
                Stage.CHECKS,
                rule,
                Outcome.FAILED,
                "the match cannot be evaluated: " + why
                        + (denies ? ", which denies" : ", so it counts as not matched"));
    }

    @Override
    public void passed(PolicyRef rule) {
        trace.add(Stage.CHECKS, rule, Outcome.PASSED, "the rule matches and its check passes");
    }

    @Override
    public void refused(PolicyRef rule, String message, boolean failed) {
        trace.add(Stage.CHECKS, rule, failed ? Outcome.FAILED : Outcome.DENIED, message);
    }
}
