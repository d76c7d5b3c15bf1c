package dev.exeat.policy;

import dev.exeat.model.Attempt;
import dev.exeat.model.PolicyRef;
import org.jspecify.annotations.Nullable;

/** Leave to dial for one attempt. Only a {@link Snapshot} makes one, and nothing dials without one. Immutable. */
public final class Permit implements Decision {
    private final Attempt attempt;
    private final String digest;
    private final @Nullable Denial wouldDeny;
    private final @Nullable PolicyRef rule;

    Permit(Attempt attempt, String digest, @Nullable Denial wouldDeny, @Nullable PolicyRef rule) {
        this.attempt = attempt;
        this.digest = digest;
        this.wouldDeny = wouldDeny;
        this.rule = rule;
    }

    @Override
    public Attempt attempt() {
        return attempt;
    }

    @Override
    public String digest() {
        return digest;
    }

    /** What enforcement would have done, in audit mode; null where it would have permitted too. */
    public @Nullable Denial wouldDeny() {
        return wouldDeny;
    }

    /** The first check that the attempt passed, else the ServiceEntry that admits its host; null where neither is. */
    public @Nullable PolicyRef rule() {
        return rule;
    }

    @Override
    public String toString() {
        return "Permit[" + attempt.target() + ", " + digest + ", rule " + rule + ", would deny " + wouldDeny + "]";
    }
}
