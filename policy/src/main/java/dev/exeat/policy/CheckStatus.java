package dev.exeat.policy;

import dev.exeat.model.Reason;

/**
 * What a report says about a denial, as {@code check.error_code} and {@code check.error_message}.
 *
 * @param code of google.rpc.Code, 1 to 16
 */
public record CheckStatus(int code, String message) {

    /** The status of a refusal; a message without a code's name before it gets one that fits the reason. */
    public static CheckStatus of(Reason reason, String message) {
        int colon = message.indexOf(':');
        if (colon > 0) {
            for (StatusCode code : StatusCode.values()) {
                if (message.substring(0, colon).equals(code.name())) {
                    return new CheckStatus(code.number(), message);
                }
            }
        }
        StatusCode code = switch (reason) {
            case POLICY_ERROR, INTERNAL_ERROR -> StatusCode.INTERNAL;
            case HOST_UNKNOWN, DNS_NXDOMAIN -> StatusCode.NOT_FOUND;
            case DNS_TIMEOUT, DIAL_TIMEOUT, HELLO_TIMEOUT, HANDSHAKE_TIMEOUT -> StatusCode.DEADLINE_EXCEEDED;
            case DNS_ERROR, DNS_TOO_LARGE, DNS_TOO_MANY, DNS_TOO_DEEP, DIAL_FAILED, GATEWAY_UNREACHABLE, DRAINING ->
                StatusCode.UNAVAILABLE;
            case LIMIT_GLOBAL, LIMIT_SOURCE, LIMIT_IDENTITY, LIMIT_RATE, LIMIT_TUNNELS, LOG_FULL, PROTOCOL_ABUSE ->
                StatusCode.RESOURCE_EXHAUSTED;
            default -> StatusCode.PERMISSION_DENIED;
        };
        return new CheckStatus(code.number(), code.name() + ":" + message);
    }
}
