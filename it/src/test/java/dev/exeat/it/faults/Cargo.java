package dev.exeat.it.faults;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

/**
 * The octets that the load carries: pseudo-random, so that a swapped, lost or repeated piece changes the digest, and
 * the same for the same seed at both ends.
 */
final class Cargo {
    static final int PIECE = 4096;
    static final int DIGEST = 32;

    /** What the upstream says once the ClientHello has come through. */
    static final byte[] WELCOME = {'E', 'X', 'O', 'K'};

    private Cargo() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Called before each piece but the first. */
    interface Pace {
        void pause();
    }

    /** Sends so many octets of the seed's stream, piece by piece. */
    static void send(OutputStream out, long seed, long count, Pace pace) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] piece = new byte[PIECE];
        for (long left = count; left > 0; left -= PIECE) {
            if (left < count) {
                pace.pause();
            }
            random.nextBytes(piece);
            out.write(piece, 0, (int) Math.min(left, PIECE));
            out.flush();
        }
    }

    static byte[] digest(long seed, long count) {
        SplittableRandom random = new SplittableRandom(seed);
        MessageDigest digest = sha256();
        byte[] piece = new byte[PIECE];
        for (long left = count; left > 0; left -= PIECE) {
            random.nextBytes(piece);
            digest.update(piece, 0, (int) Math.min(left, PIECE));
        }
        return digest.digest();
    }

    /**
     * Reads so many octets and returns their digest.
     *
     * @throws EOFException if the stream ends in order before
     */
    static byte[] receive(InputStream in, long count) throws IOException {
        MessageDigest digest = sha256();
        byte[] piece = new byte[4 * PIECE];
        for (long left = count; left > 0; ) {
            int n = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (n < 0) {
                throw new EOFException("the stream ended " + left + " octets early");
            }
            digest.update(piece, 0, n);
            left -= n;
        }
        return digest.digest();
    }

    /** Reads exactly so many octets. */
    static byte[] read(InputStream in, int count) throws IOException {
        byte[] octets = in.readNBytes(count);
        if (octets.length < count) {
            throw new EOFException("the stream ended " + (count - octets.length) + " octets early");
        }
        return octets;
    }
}
