package dev.exeat.control.kube;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Goes through the fields of a message in protobuf (the "Encoding" of the Protocol Buffers documentation), never beyond
 * its end. Not thread-safe.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;

    private final byte[] octets;
    private final int end;
    private int at;
    private int tag;

    ProtobufReader(byte[] octets, int at, int end) {
        this.octets = octets;
        this.at = at;
        this.end = end;
    }

    /** Goes to the next field, whose value must then be taken or skipped; false after the last one. */
    boolean next() {
        if (at == end) {
            return false;
        }
        tag = (int) varint();
        return true;
    }

    int field() {
        return tag >>> 3;
    }

    boolean isNumber() {
        return (tag & 7) == VARINT;
    }

    boolean isMessage() {
        return (tag & 7) == LENGTH;
    }

    /** The value of a field that {@link #isNumber}. */
    long number() {
        if (!isNumber()) {
            throw broken();
        }
        return varint();
    }

    boolean hasMore() {
        return at < end;
    }

    /** A number of at most ten octets. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at == end) {
                throw broken();
            }
            byte octet = octets[at++];
            if (shift < Long.SIZE) {
                value |= (long) (octet & 0x7f) << shift;
            }
            if (octet >= 0) {
                return value;
            }
        }
        throw broken();
    }

    /** The value of a field that {@link #isMessage}: a message, a text, or octets. */
    ProtobufReader message() {
        if (!isMessage()) {
            throw broken();
        }
        long length = varint();
        if (length < 0 || length > end - at) {
            throw broken();
        }
        ProtobufReader nested = new ProtobufReader(octets, at, at + (int) length);
        at += (int) length;
        return nested;
    }

    String text() {
        return new String(octets, at, end - at, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return Arrays.copyOfRange(octets, at, end);
    }

    void skip() {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED_64 -> forward(Long.BYTES);
            case LENGTH -> message();
            case FIXED_32 -> forward(Integer.BYTES);
            default -> throw broken();
        }
    }

    private void forward(int ahead) {
        if (ahead > end - at) {
            throw broken();
        }
        at += ahead;
    }

    static KubeException broken() {
        return KubeException.badRequest("the body of the request is no protobuf message");
    }
}
