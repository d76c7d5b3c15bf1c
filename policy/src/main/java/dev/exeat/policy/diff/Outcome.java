package dev.exeat.policy.diff;

import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import java.util.Locale;

/** What becomes of an attempt. */
public enum Outcome {
    ALLOW,
    DENY,
    /** It passes, and would be denied but for an audit. */
    AUDIT;

    private final String word = name().toLowerCase(Locale.ROOT);

    public static Outcome of(Decision decision) {
        return switch (decision) {
            case Denial _ -> DENY;
            case Permit permit -> permit.wouldDeny() == null ? ALLOW : AUDIT;
        };
    }

    public String word() {
        return word;
    }
}
