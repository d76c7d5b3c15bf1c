package dev.exeat.proxy.socks;

import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SOCKS5 client's greeting and request (RFC 1928 sections 3 and 4), in any split, and stops right behind the
 * request, so that what a client sent early stays in the buffer. Serves "no authentication" and CONNECT alone. Holds
 * at most 262 bytes. Not thread-safe.
 */
public final class Socks5Reader {
    private static final SocksStep INCOMPLETE = new SocksStep.Incomplete();
    private static final byte[] NO_AUTHENTICATION = {5, 0};
    private static final byte[] NO_METHOD = {5, (byte) 0xff};
    private static final byte[] SOCKS4_REJECTED = {0, 0x5b, 0, 0, 0, 0, 0, 0};

    private static final int V4 = 1;
    private static final int NAME = 3;
    private static final int V6 = 4;

    private final byte[] message = new byte[4 + 1 + 255 + 2];
    private int length;
    private boolean greeted;
    private @Nullable SocksStep result;

    /**
     * Takes bytes up to the end of the greeting or of the request. After an {@link SocksStep.Answer} it is called again
     * with what remains; a later result stays the same and no more bytes are taken.
     */
    public SocksStep read(ByteBuffer in) {
        while (result == null && in.hasRemaining()) {
            message[length++] = in.get();
            SocksStep step = greeted ? request() : greeting();
            if (step instanceof SocksStep.Answer) {
                return step;
            }
            if (!(step instanceof SocksStep.Incomplete)) {
                result = step;
            }
        }
        return result == null ? INCOMPLETE : result;
    }

    private SocksStep greeting() {
        if (message[0] == 4) {
            return refused(
                    ByteBuffer.wrap(SOCKS4_REJECTED.clone()),
                    "The client speaks SOCKS4, which cannot be served here; use SOCKS5.");
        }
        if (message[0] != 5) {
            return refused(ByteBuffer.allocate(0), "The first byte is not that of SOCKS5.");
        }
        if (length < 2 || length < 2 + (message[1] & 0xff)) {
            return INCOMPLETE;
        }
        for (int i = 2; i < length; i++) {
            if (message[i] == 0) {
                greeted = true;
                length = 0;
                return new SocksStep.Answer(ByteBuffer.wrap(NO_AUTHENTICATION.clone()));
            }
        }
        return refused(ByteBuffer.wrap(NO_METHOD.clone()), "The client does not offer SOCKS5 without authentication.");
    }

    private SocksStep request() {
        if (message[0] != 5) {
            return refused(ByteBuffer.allocate(0), "The request's first byte is not that of SOCKS5.");
        }
        if (length == 2 && message[1] != 1) {
            return refused(SocksReply.COMMAND_NOT_SUPPORTED.bytes(), "Only the SOCKS5 command CONNECT is served here.");
        }
        if (length == 3 && message[2] != 0) {
            return refused(SocksReply.GENERAL_FAILURE.bytes(), "The request's reserved byte is not zero.");
        }
        if (length < 5) {
            return length < 4 || isKnown(message[3])
                    ? INCOMPLETE
                    : refused(SocksReply.ADDRESS_TYPE_NOT_SUPPORTED.bytes(), "The request's address type is unknown.");
        }
        int addressEnd = switch (message[3]) {
            case V4 -> 4 + 4;
            case V6 -> 4 + 16;
            default -> 5 + (message[4] & 0xff);
        };
        return length < addressEnd + 2 ? INCOMPLETE : target(addressEnd);
    }

    private static boolean isKnown(byte type) {
        return type == V4 || type == NAME || type == V6;
    }

    private SocksStep target(int addressEnd) {
        int port = ((message[addressEnd] & 0xff) << 8) | (message[addressEnd + 1] & 0xff);
        if (port == 0) {
            return invalid("the port is 0");
        }
        if (message[3] != NAME) {
            return new SocksStep.Literal(IpAddress.of(Arrays.copyOfRange(message, 4, addressEnd)), port);
        }
        try {
            ServerName name = ServerName.fromWire(Arrays.copyOfRange(message, 5, addressEnd));
            return new SocksStep.Tunnel(new HostPort(name, port));
        } catch (InvalidNameException e) {
            return invalid(e.getMessage());
        }
    }

    private static SocksStep invalid(@Nullable String why) {
        return new SocksStep.Refused(
                SocksReply.NOT_ALLOWED.bytes(),
                Reason.AUTHORITY_INVALID,
                "The requested host and port are not valid: " + why + ".");
    }

    private static SocksStep refused(ByteBuffer bytes, String detail) {
        return new SocksStep.Refused(bytes, Reason.PROTOCOL_INVALID, detail);
    }
}
