package dev.exeat.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;

/** The same endless series of octets each time, for transfers whose checksum must be known before. */
public final class SampleOctets {
    private static final int BLOCK = 64 * 1024;
    private static final byte[] BLOCK_OCTETS = block();

    private SampleOctets() {}

    /** The first {@code count} octets. */
    public static byte[] of(int count) {
        byte[] octets = new byte[count];
        for (int at = 0; at < count; at++) {
            octets[at] = octet(at);
        }
        return octets;
    }

    /** Writes the first {@code count} octets. */
    public static void write(OutputStream out, long count) throws IOException {
        byte[] block = new byte[BLOCK];
        for (long at = 0; at < count; at += BLOCK) {
            fill(block, at);
            out.write(block, 0, (int) Math.min(BLOCK, count - at));
        }
    }

    /** The SHA-256 of the first {@code count} octets, in lower-case hex. */
    public static String sha256(long count) {
        OctetTally tally = new OctetTally();
        byte[] block = new byte[BLOCK];
        for (long at = 0; at < count; at += BLOCK) {
            fill(block, at);
            tally.add(block, (int) Math.min(BLOCK, count - at));
        }
        return tally.sha256();
    }

    private static void fill(byte[] block, long from) {
        System.arraycopy(BLOCK_OCTETS, 0, block, 0, BLOCK);
        // The block's number makes a lost, doubled or swapped block change the checksum.
        for (int i = 0; i < Long.BYTES; i++) {
            block[i] = octet(from + i);
        }
    }

    private static byte octet(long at) {
        int within = (int) (at % BLOCK);
        return within < Long.BYTES ? (byte) ((at / BLOCK) >> (8 * within)) : BLOCK_OCTETS[within];
    }

    private static byte[] block() {
        byte[] block = new byte[BLOCK];
        new SplittableRandom(1).nextBytes(block);
        return block;
    }
}
