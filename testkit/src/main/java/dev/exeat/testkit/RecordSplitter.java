package dev.exeat.testkit;

import java.util.Arrays;

/** Puts a handshake message into TLS records (RFC 8446 section 5.1), sound or not. Not thread-safe. */
public final class RecordSplitter {
    private static final int MAX_PLAINTEXT = 16_384;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    private int version = 0x0301;
    private int size = MAX_PLAINTEXT;
    private String fragments = "*";
    private int claimedLength = -1;

    /** The record version, 0x0301 by default as clients write it. */
    public RecordSplitter version(int recordVersion) {
        version = recordVersion;
        return this;
    }

    /** The largest payload of a record, 1 to 16384. */
    public RecordSplitter size(int octets) {
        size = octets;
        return this;
    }

    /**
     * The records one by one, separated by commas: a number for so many octets of the message, {@code *} for the rest
     * of it (in records of {@link #size}), {@code z} for an empty handshake record, {@code z*5000} for many,
     * {@code c} for a change_cipher_spec, {@code a} for a warning alert, {@code d} for an empty application-data record.
     */
    public RecordSplitter fragments(String plan) {
        fragments = plan;
        return this;
    }

    /** What the first record claims as its length. */
    public RecordSplitter claimedLength(int length) {
        claimedLength = length;
        return this;
    }

    public byte[] split(byte[] message) {
        OctetWriter out = new OctetWriter();
        int at = 0;
        for (String step : fragments.split(",")) {
            switch (step.charAt(0)) {
                case '*' -> at = rest(out, message, at);
                case 'z' -> {
                    int times = step.length() > 2 ? Integer.parseInt(step.substring(2)) : 1;
                    for (int i = 0; i < times; i++) {
                        record(out, HANDSHAKE);
                    }
                }
                case 'c' -> record(out, CHANGE_CIPHER_SPEC, (byte) 1);
                case 'a' -> record(out, ALERT, (byte) 1, (byte) 112);
                case 'd' -> record(out, APPLICATION_DATA);
                default -> {
                    int end = Math.min(message.length, at + Integer.parseInt(step));
                    record(out, HANDSHAKE, Arrays.copyOfRange(message, at, end));
                    at = end;
                }
            }
        }
        return withClaim(out.toArray());
    }

    private int rest(OctetWriter out, byte[] message, int from) {
        for (int at = from; at < message.length; at += size) {
            record(out, HANDSHAKE, Arrays.copyOfRange(message, at, Math.min(message.length, at + size)));
        }
        return message.length;
    }

    private void record(OctetWriter out, int type, byte... payload) {
        out.u8(type).u16(version).vector16(payload);
    }

    private byte[] withClaim(byte[] records) {
        if (claimedLength >= 0) {
            records[3] = (byte) (claimedLength >> 8);
            records[4] = (byte) claimedLength;
        }
        return records;
    }
}
