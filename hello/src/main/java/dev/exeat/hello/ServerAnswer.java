package dev.exeat.hello;

import dev.exeat.model.TlsAlert;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Tells from a server's first octets whether it answers with a HelloRetryRequest, a ServerHello with one fixed
 * random (RFC 8446 section 4.1.3). Looks at record headers and the start of the first handshake message only.
 */
final class ServerAnswer {
    enum Verdict {
        UNDECIDED,
        RETRY,
        NO_RETRY
    }

    /** SHA-256 of "HelloRetryRequest". */
    private static final byte[] RETRY_RANDOM = {
        (byte) 0xcf,
        0x21,
        (byte) 0xad,
        0x74,
        (byte) 0xe5,
        (byte) 0x9a,
        0x61,
        0x11,
        (byte) 0xbe,
        0x1d,
        (byte) 0x8c,
        0x02,
        0x1e,
        0x65,
        (byte) 0xb8,
        (byte) 0x91,
        (byte) 0xc2,
        (byte) 0xa2,
        0x11,
        0x16,
        0x7a,
        (byte) 0xbb,
        (byte) 0x8c,
        0x5e,
        0x07,
        (byte) 0x9e,
        0x09,
        (byte) 0xe2,
        (byte) 0xc8,
        (byte) 0xa8,
        0x33,
        (byte) 0x9c
    };

    private static final int SERVER_HELLO = 2;
    private static final int ALERT = 21;
    private static final int RANDOM_AT = 6;

    private final byte[] header = new byte[HelloReader.RECORD_HEADER];
    private final byte[] start = new byte[RANDOM_AT + RETRY_RANDOM.length];
    private int headerSeen;
    private int startSeen;
    private int recordLeft;
    private Verdict verdict = Verdict.UNDECIDED;

    /**
     * Takes the octets that follow those of the last call.
     *
     * @throws HelloException if the server starts a handshake with something other than a ServerHello
     */
    Verdict feed(ByteBuffer bytes) {
        while (verdict == Verdict.UNDECIDED && bytes.hasRemaining()) {
            if (recordLeft > 0) {
                payload(bytes);
            } else {
                header(bytes);
            }
        }
        return verdict;
    }

    private void header(ByteBuffer bytes) {
        header[headerSeen++] = bytes.get();
        int type = header[0] & 0xff;
        boolean otherType = type != HelloReader.HANDSHAKE && type != ALERT;
        if (otherType || (headerSeen > 1 && header[1] != 3)) {
            if (startSeen > 0) {
                throw unexpected("the server's first handshake message is interrupted by a record of type " + type);
            }
            // It speaks no TLS; its own answer will end the client's handshake.
            verdict = Verdict.NO_RETRY;
        } else if (headerSeen == HelloReader.RECORD_HEADER) {
            recordLeft = ((header[3] & 0xff) << 8) | (header[4] & 0xff);
            headerSeen = 0;
        }
    }

    private void payload(ByteBuffer bytes) {
        // A warning may come before the ServerHello (RFC 6066 section 3: unrecognized_name), so alerts decide nothing.
        int wanted = header[0] == ALERT ? recordLeft : Math.min(recordLeft, start.length - startSeen);
        int count = Math.min(wanted, bytes.remaining());
        recordLeft -= count;
        if (header[0] == ALERT) {
            bytes.position(bytes.position() + count);
            return;
        }
        bytes.get(start, startSeen, count);
        startSeen += count;
        if (start[0] != SERVER_HELLO) {
            throw unexpected("the server's first handshake message is of type " + start[0] + ", not a ServerHello");
        }
        if (startSeen == start.length) {
            boolean retry = Arrays.equals(start, RANDOM_AT, start.length, RETRY_RANDOM, 0, RETRY_RANDOM.length);
            verdict = retry ? Verdict.RETRY : Verdict.NO_RETRY;
        }
    }

    private static HelloException unexpected(String detail) {
        return HelloException.malformed(TlsAlert.UNEXPECTED_MESSAGE, detail);
    }
}
