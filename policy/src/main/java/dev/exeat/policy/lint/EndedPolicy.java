package dev.exeat.policy.lint;

import dev.exeat.policy.egress.EgressPolicy.Mode;
import dev.exeat.policy.lint.LintSubject.Egress;
import dev.exeat.policy.manifest.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** An audit or an allowance whose date has passed, or is near. */
final class EndedPolicy implements LintCheck {
    private final Duration ahead;
    private final boolean passed;

    private EndedPolicy(boolean passed, Duration ahead) {
        this.passed = passed;
        this.ahead = ahead;
    }

    static LintCheck passed() {
        return new EndedPolicy(true, Duration.ZERO);
    }

    /** @param ahead how long before its end a policy is told of */
    static LintCheck soon(Duration ahead) {
        return new EndedPolicy(false, ahead);
    }

    @Override
    public String code() {
        return passed ? "until-passed" : "until-soon";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        for (Egress egress : subject.egress()) {
            Instant until = egress.policy().until();
            Field field = egress.view().spec().find("until");
            if (until == null || field == null) {
                continue;
            }
            boolean over = !subject.now().isBefore(until);
            if (passed ? over : !over && subject.now().plus(ahead).isAfter(until)) {
                findings.accept(finding(egress, field, until));
            }
        }
    }

    private Finding finding(Egress egress, Field field, Instant until) {
        boolean audit = egress.policy().mode() == Mode.AUDIT;
        String what = audit
                ? passed
                        ? "the audit ended at " + until + ", so the policy is in force"
                        : "the audit ends at " + until + ", and the policy is in force then"
                : passed
                        ? "the allowance ended at " + until + ", so it allows nothing"
                        : "the allowance ends at " + until + ", and allows nothing then";
        String cure = audit
                ? passed
                        ? "write mode: Enforce without a date, or set a new one"
                        : "look at what it would deny (would-verdicts in records) before that day"
                : "remove the policy, or set a new date";
        return Finding.at(egress.policy().key(), field, what, cure);
    }
}
