package dev.exeat.policy.stage;

import dev.exeat.model.PolicyRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why policies of one kind let an attempt not pass.
 *
 * @param failed whether a policy could not be evaluated
 * @param message for people; may hold text of the client
 * @param rule the policy that decides, or null where it is the lack of one
 * @param hint what to do about it
 * @param last whether no audit of a namespace or an identity softens it
 * @param until when it comes into force, where it is on trial until a date; else null
 */
public record Refusal(
        boolean failed,
        String message,
        @Nullable PolicyRef rule,
        String hint,
        boolean last,
        @Nullable Instant until) {
    /** One that is in force, or on trial without an end. */
    public Refusal(boolean failed, String message, @Nullable PolicyRef rule, String hint, boolean last) {
        this(failed, message, rule, hint, last, null);
    }
}
