package dev.exeat.testkit;

import java.io.ByteArrayOutputStream;

/** Writes numbers and vectors in network order, as TLS and DNS have them. Not thread-safe. */
public final class OctetWriter {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    public OctetWriter u8(int value) {
        octets.write(value);
        return this;
    }

    public OctetWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public OctetWriter u24(int value) {
        return u8(value >>> 16).u16(value);
    }

    public OctetWriter octets(byte[] values) {
        octets.writeBytes(values);
        return this;
    }

    /** The octets behind their length in one octet; only its low bits are written. */
    public OctetWriter vector8(byte[] values) {
        return u8(values.length).octets(values);
    }

    /** The octets behind their length in two octets. */
    public OctetWriter vector16(byte[] values) {
        return u16(values.length).octets(values);
    }

    public int size() {
        return octets.size();
    }

    public byte[] toArray() {
        return octets.toByteArray();
    }
}
