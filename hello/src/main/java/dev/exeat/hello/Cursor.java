package dev.exeat.hello;

import dev.exeat.model.TlsAlert;
import java.util.Arrays;

/** Reads forward through a part of an array; a read past the end refuses the hello with decode_error. */
final class Cursor {
    private final byte[] octets;
    private final int end;
    private int at;

    /** Reads {@code octets[from..to)}, which is not copied. */
    Cursor(byte[] octets, int from, int to) {
        this.octets = octets;
        this.at = from;
        this.end = to;
    }

    int remaining() {
        return end - at;
    }

    boolean hasRemaining() {
        return at < end;
    }

    int u8(String what) {
        require(1, what);
        return octets[at++] & 0xff;
    }

    int u16(String what) {
        require(2, what);
        int value = ((octets[at] & 0xff) << 8) | (octets[at + 1] & 0xff);
        at += 2;
        return value;
    }

    void skip(int count, String what) {
        require(count, what);
        at += count;
    }

    /** A vector with a one-octet length (RFC 8446 section 3.4). */
    Cursor vector8(String what) {
        return take(u8(what), what);
    }

    /** A vector with a two-octet length. */
    Cursor vector16(String what) {
        return take(u16(what), what);
    }

    /** A copy of all that remains. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(octets, at, end);
        at = end;
        return rest;
    }

    void requireEnd(String what) {
        if (at != end) {
            throw HelloException.malformed(TlsAlert.DECODE_ERROR, (end - at) + " octets follow the end of " + what);
        }
    }

    private Cursor take(int length, String what) {
        require(length, what);
        at += length;
        return new Cursor(octets, at - length, at);
    }

    private void require(int count, String what) {
        if (end - at < count) {
            throw HelloException.malformed(
                    TlsAlert.DECODE_ERROR, what + " needs " + count + " octets, but " + (end - at) + " remain");
        }
    }
}
