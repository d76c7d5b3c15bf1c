package dev.exeat.policy;

import dev.exeat.model.PolicyRef;
import dev.exeat.policy.DecisionTrace.Outcome;
import dev.exeat.policy.DecisionTrace.Stage;
import dev.exeat.policy.DecisionTrace.Step;
import dev.exeat.policy.stage.Miss;
import dev.exeat.policy.stage.StageObserver;

/** Writes down what becomes of each policy in one stage. */
record TracingObserver(DecisionTrace trace, Stage stage) implements StageObserver {
    @Override
    public void skipped(PolicyRef policy, String why) {
        trace.add(stage, policy, Outcome.SKIPPED, why);
    }

    @Override
    public void notMatched(PolicyRef policy, Miss miss) {
        trace.add(new Step(stage, policy, Outcome.NOT_MATCHED, miss.why(), miss.near(), miss.denies()));
    }

    @Override
    public void failed(PolicyRef policy, String why, boolean denies) {
        trace.add(stage, policy, Outcome.FAILED, why + (denies ? ", which denies" : ""));
    }

    @Override
    public void passed(PolicyRef policy, String why) {
        trace.add(stage, policy, Outcome.PASSED, why);
    }

    @Override
    public void denied(PolicyRef policy, String why) {
        trace.add(stage, policy, Outcome.DENIED, why);
    }

    @Override
    public void nearlyPassed(PolicyRef policy, String what) {
        trace.nearlyPassed(policy, what);
    }
}
