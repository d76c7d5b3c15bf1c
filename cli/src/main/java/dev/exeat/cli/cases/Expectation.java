package dev.exeat.cli.cases;

import dev.exeat.model.Attempt;
import dev.exeat.model.Place;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.diff.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One attempt and the verdict that is expected of it.
 *
 * @param name for people
 * @param reason the code that a denial must have, or null for any
 * @param by the object that must decide, as {@code kind/namespace/name}, or null for any
 */
record Expectation(
        String name,
        Place place,
        Attempt attempt,
        Outcome outcome,
        @Nullable String reason,
        @Nullable String by) {

    /** What of the decision is not as expected, for people; empty where all is. */
    String difference(Decision decision) {
        Outcome actual = Outcome.of(decision);
        Denial denial = denial(decision);
        PolicyRef rule = denial == null ? ((Permit) decision).rule() : denial.rule();
        String object = rule == null ? "none" : rule.object().toString();
        if (actual != outcome) {
            return "expected " + outcome.word() + ", got " + actual.word()
                    + (denial == null ? rule == null ? "" : " by " + object : ": " + denial.message());
        }
        if (reason != null && (denial == null || !reason.equals(denial.reason().code()))) {
            return "expected the reason " + reason + ", got "
                    + (denial == null ? "none" : denial.reason().code() + ": " + denial.message());
        }
        return by == null || by.equals(object) ? "" : "expected " + by + " to decide, but " + object + " does";
    }

    private static @Nullable Denial denial(Decision decision) {
        return switch (decision) {
            case Denial denial -> denial;
            case Permit permit -> permit.wouldDeny();
        };
    }
}
