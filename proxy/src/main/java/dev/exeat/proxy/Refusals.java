package dev.exeat.proxy;

import dev.exeat.identity.InvalidSvidException;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.policy.Denial;
import dev.exeat.proxy.http1.Refusal;
import org.jspecify.annotations.Nullable;

/** Says to a CONNECT caller why it gets no tunnel. */
final class Refusals {
    private Refusals() {}

    static Refusal of(Denial denial) {
        PolicyRef rule = denial.rule();
        return new Refusal(
                denial.reason(),
                denial.message(),
                rule == null ? null : rule.toString(),
                denial.attempt().connectionId(),
                denial.hint().isEmpty() ? cure(denial.reason()) : denial.hint());
    }

    static Refusal of(Reason reason, @Nullable String detail, String id) {
        return new Refusal(
                reason, detail == null || detail.isEmpty() ? reason.description() : detail, null, id, cure(reason));
    }

    static Reason reason(InvalidSvidException problem) {
        return problem.kind() == InvalidSvidException.Kind.REVOKED ? Reason.IDENTITY_REVOKED : Reason.IDENTITY_INVALID;
    }

    private static String cure(Reason reason) {
        return switch (reason) {
            case POLICY_DENIED, POLICY_ERROR -> "Ask the owners of the named rule, or change it.";
            case AUTHORITY_INVALID -> "Ask for a host name and a port, as in CONNECT en.wikipedia.org:443.";
            case IDENTITY_INVALID, IDENTITY_REVOKED -> "Fetch a new SVID for the workload.";
            case DRAINING, LIMIT_GLOBAL, LOG_FULL -> "Try again, or another gateway.";
            case LIMIT_SOURCE, LIMIT_IDENTITY ->
                "End connections that are not needed, or have the gateway's operator raise the limit.";
            case LIMIT_RATE -> "Try again in a second; keep connections open instead of opening new ones.";
            default -> "See the gateway's record with this decision id.";
        };
    }
}
