package dev.exeat.flow.query;

import dev.exeat.model.Reason;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the reason of a record says of the part that policies had. */
public final class PolicyReasons {
    private static final Set<String> REFUSALS = codes(Reason.HOST_UNKNOWN, Reason.POLICY_DENIED, Reason.POLICY_ERROR);
    private static final Set<String> AFTER_PERMIT = codes(
            Reason.ADDRESS_FORBIDDEN,
            Reason.SELF_CONNECTION,
            Reason.DNS_NXDOMAIN,
            Reason.DNS_TIMEOUT,
            Reason.DNS_ERROR,
            Reason.DNS_TOO_LARGE,
            Reason.DNS_TOO_MANY,
            Reason.DNS_TOO_DEEP,
            Reason.DIAL_FAILED,
            Reason.DIAL_TIMEOUT);

    private PolicyReasons() {}

    private static Set<String> codes(Reason... reasons) {
        return Stream.of(reasons).map(Reason::code).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether policies refuse with that code; what is denied with any other, they had let pass or never saw. */
    public static boolean isRefusal(String code) {
        return REFUSALS.contains(code);
    }

    /** Whether only what policies let pass ends with that code; others come before a verdict as well as after. */
    public static boolean isAfterPermit(String code) {
        return AFTER_PERMIT.contains(code);
    }
}
