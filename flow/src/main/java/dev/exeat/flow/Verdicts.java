package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Reason;

/** Tells a refusal by rule from a connection that could not be carried. */
public final class Verdicts {
    private Verdicts() {}

    public static Verdict of(Reason reason) {
        return switch (reason) {
            case DNS_NXDOMAIN,
                    DNS_TIMEOUT,
                    DNS_ERROR,
                    DNS_TOO_LARGE,
                    DNS_TOO_MANY,
                    DNS_TOO_DEEP,
                    DIAL_FAILED,
                    DIAL_TIMEOUT,
                    NOT_REDIRECTED,
                    REDIRECT_LOOP,
                    GATEWAY_UNREACHABLE,
                    HANDSHAKE_FAILED,
                    HANDSHAKE_TIMEOUT,
                    HELLO_TIMEOUT,
                    HELLO_TRUNCATED,
                    CLIENT_GONE,
                    KILLED,
                    DRAINING,
                    LOG_FULL,
                    INTERNAL_ERROR -> Verdict.FAILED;
            default -> Verdict.DENIED;
        };
    }
}
