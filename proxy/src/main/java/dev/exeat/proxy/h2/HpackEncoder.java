package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes the few header lists that CONNECT needs (RFC 7541), as literals that are never indexed: there is no dynamic
 * table to keep, and no name of one tunnel stays in the peer's table for another to be compared with (section 7.1).
 */
final class HpackEncoder {
    private static final byte[] CONNECT = "CONNECT".getBytes(StandardCharsets.US_ASCII);
    private static final int AUTHORITY = 1;
    private static final int METHOD = 2;
    private static final int STATUS_200 = 8;
    private static final int CONTENT_LENGTH = 28;
    private static final int CONTENT_TYPE = 31;

    private boolean tableDropped;

    /** The header list of a CONNECT request (RFC 9113 section 8.5). */
    void connect(ByteBuffer out, String authority) {
        begin(out);
        literal(out, METHOD, CONNECT);
        literal(out, AUTHORITY, authority.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The header list that opens a tunnel. */
    void established(ByteBuffer out) {
        begin(out);
        out.put((byte) (0x80 | STATUS_200));
    }

    /** The header list of an answer with a JSON body. */
    void refusal(ByteBuffer out, int status, int length) {
        begin(out);
        literal(out, STATUS_200, ascii(Integer.toString(status)));
        literal(out, CONTENT_TYPE, ascii("application/json"));
        literal(out, CONTENT_LENGTH, ascii(Integer.toString(length)));
    }

    /** The first block says that the table is not used, whatever size the peer allows (RFC 7541 section 4.2). */
    private void begin(ByteBuffer out) {
        if (!tableDropped) {
            tableDropped = true;
            out.put((byte) 0x20);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void literal(ByteBuffer out, int nameIndex, byte[] value) {
        integer(out, 0x10, 4, nameIndex);
        integer(out, 0, 7, value.length);
        out.put(value);
    }

    private static void integer(ByteBuffer out, int pattern, int prefix, int value) {
        int mask = (1 << prefix) - 1;
        if (value < mask) {
            out.put((byte) (pattern | value));
            return;
        }
        out.put((byte) (pattern | mask));
        int rest = value - mask;
        while (rest >= 0x80) {
            out.put((byte) (0x80 | (rest & 0x7f)));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
