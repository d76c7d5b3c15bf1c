package dev.exeat.policy.diff;

import dev.exeat.model.HostPort;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import org.jspecify.annotations.Nullable;

/**
 * A client and a host of which two sets of policies decide differently.
 *
 * @param hello what is odd about its ClientHello, for people; empty for that of a usual client
 */
public record Flip(Client client, HostPort target, String hello, Side before, Side after) {

    /**
     * One of the two decisions.
     *
     * @param rule the object that decides, or null where it is the lack of one
     * @param message of a denial, also of one that an audit softens; empty where there is none
     */
    public record Side(Outcome outcome, @Nullable PolicyRef rule, String message) {
        static Side of(Decision decision) {
            Denial denial = switch (decision) {
                case Denial refused -> refused;
                case Permit permit -> permit.wouldDeny();
            };
            return denial == null
                    ? new Side(Outcome.ALLOW, ((Permit) decision).rule(), "")
                    : new Side(Outcome.of(decision), denial.rule(), denial.message());
        }
    }
}
