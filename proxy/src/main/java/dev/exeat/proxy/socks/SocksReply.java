package dev.exeat.proxy.socks;

import dev.exeat.model.Reason;
import java.nio.ByteBuffer;

/** The reply codes of RFC 1928 section 6 that are sent here. */
public enum SocksReply {
    SUCCEEDED(0x00),
    GENERAL_FAILURE(0x01),
    NOT_ALLOWED(0x02),
    HOST_UNREACHABLE(0x04),
    CONNECTION_REFUSED(0x05),
    COMMAND_NOT_SUPPORTED(0x07),
    ADDRESS_TYPE_NOT_SUPPORTED(0x08);

    private final int code;

    SocksReply(int code) {
        this.code = code;
    }

    /** The complete reply. The bound address is 0.0.0.0:0, because the tunnel's far end is no business of the client. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(new byte[] {5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
    }

    /** The reply that tells a client most about why it got no tunnel. */
    public static SocksReply of(Reason reason) {
        return switch (reason) {
            case DNS_NXDOMAIN, DNS_TIMEOUT, DNS_ERROR, DNS_TOO_LARGE, DNS_TOO_MANY, DNS_TOO_DEEP, DIAL_TIMEOUT ->
                HOST_UNREACHABLE;
            case DIAL_FAILED -> CONNECTION_REFUSED;
            case GATEWAY_UNREACHABLE,
                    LIMIT_GLOBAL,
                    LIMIT_SOURCE,
                    LIMIT_IDENTITY,
                    LIMIT_RATE,
                    LIMIT_TUNNELS,
                    LOG_FULL,
                    PROTOCOL_ABUSE,
                    DRAINING,
                    INTERNAL_ERROR -> GENERAL_FAILURE;
            default -> NOT_ALLOWED;
        };
    }
}
