package dev.exeat.policy;

import dev.exeat.model.PolicyRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects how a decision came about, stage by stage and rule by rule. Not thread-safe. */
public final class DecisionTrace {

    /** In the order in which they are asked. */
    public enum Stage {
        REGISTRY,
        /** Gateway and VirtualService objects. */
        ROUTING,
        /** Mixer's rules. */
        CHECKS,
        /** AuthorizationPolicy objects. */
        AUTHORIZATION,
        /** EgressPolicy objects. */
        EGRESS,
        VERDICT
    }

    /** What became of a rule or a stage. */
    public enum Outcome {
        /** It applies and lets the attempt pass. */
        PASSED,
        DENIED,
        NOT_MATCHED,
        /** It could not be evaluated. */
        FAILED,
        /** It was not asked, for the reason told. */
        SKIPPED
    }

    /**
     * One step.
     *
     * @param rule the object concerned, or null where the step concerns the stage as a whole
     * @param detail for people; may hold text of the client
     * @param near whether the object did not match, but nearly: all but a label of the host, the port or a date
     * @param denies of an object that did not match, whether it denies what it matches
     */
    public record Step(
            Stage stage, @Nullable PolicyRef rule, Outcome outcome, String detail, boolean near, boolean denies) {}

    private final List<Step> steps = new ArrayList<>();
    /** Of policies that denied, what came nearest to let it pass. */
    private final Map<PolicyRef, String> nearly = new HashMap<>();

    void add(Stage stage, @Nullable PolicyRef rule, Outcome outcome, String detail) {
        add(new Step(stage, rule, outcome, detail, false, false));
    }

    void add(Step step) {
        steps.add(step);
    }

    void nearlyPassed(PolicyRef policy, String what) {
        nearly.put(policy, what);
    }

    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /**
     * What came nearest to another verdict: of the policies that would have turned it and did not match, one whose host
     * or port nearly did; else of the policy that denied, what it nearly let pass; of what nothing allows, what the denial
     * itself says. Another allowance turns only a stage that denied for want of one. Empty where nothing is near; may hold
     * text of the client.
     *
     * @param decision the one that was traced
     */
    public String nearestMiss(Decision decision) {
        for (Step step : steps) {
            if (step.near() && step.rule() != null && turns(step, decision)) {
                return step.rule().object() + ": " + step.detail();
            }
        }
        if (!(decision instanceof Denial denial)) {
            return "";
        }
        PolicyRef rule = denial.rule();
        if (rule == null) {
            return denial.hint();
        }
        String what = nearly.get(rule);
        return what == null ? "" : rule.object() + ": " + what;
    }

    /** Whether the verdict would be another if the step's policy had matched. */
    private boolean turns(Step near, Decision decision) {
        return switch (decision) {
            case Permit _ -> near.denies();
            case Denial denial -> !near.denies() && near.stage() == lastAsked() && !isExplicit(denial);
        };
    }

    /** The stage that denied, where one did: those behind it are not asked. */
    private @Nullable Stage lastAsked() {
        for (Step step : steps.reversed()) {
            if (step.stage() != Stage.VERDICT) {
                return step.stage();
            }
        }
        return null;
    }

    /** Whether a policy denies by what it says, rather than nothing allows. */
    private boolean isExplicit(Denial denial) {
        return denial.rule() != null
                && steps.stream()
                        .anyMatch(step -> step.stage() != Stage.VERDICT
                                && step.outcome() == Outcome.DENIED
                                && denial.rule().equals(step.rule()));
    }
}
