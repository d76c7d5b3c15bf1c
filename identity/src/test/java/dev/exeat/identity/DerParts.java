package dev.exeat.identity;

import dev.exeat.testkit.fuzz.Mutator;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;

/**
 * A signed structure, SEQUENCE of what is signed, an algorithm and a BIT STRING, cut and put together again: what is
 * changed within is signed anew, so that it gets past the check of the signature.
 */
final class DerParts {
    private DerParts() {}

    /** The octets of the first element within a SEQUENCE, its header included; null if there is none. */
    static byte[] first(byte[] der) {
        int[] outer = header(der, 0);
        if (outer == null || (der[0] & 0xff) != 0x30) {
            return null;
        }
        int[] inner = header(der, outer[0]);
        return inner == null ? null : Arrays.copyOfRange(der, outer[0], inner[0] + inner[1]);
    }

    /** Where the content of the element at an index begins and its length; null if it does not fit. */
    private static int[] header(byte[] der, int at) {
        if (at + 2 > der.length) {
            return null;
        }
        int length = der[at + 1] & 0xff;
        int start = at + 2;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            if (octets == 0 || octets > 3 || start + octets > der.length) {
                return null;
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << 8 | (der[start++] & 0xff);
            }
        }
        return length > der.length - start ? null : new int[] {start, length};
    }

    /** One element of DER. */
    static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /** The structure around other octets, signed by ECDSA with SHA-256. The mutator gives the randomness. */
    static byte[] signed(byte[] first, PrivateKey key, Mutator mutator) {
        byte[] algorithm = element(0x30, element(6, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key, new RepeatableRandom(mutator));
            signature.update(first);
            return element(0x30, first, algorithm, element(3, new byte[] {0}, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Within a SEQUENCE: octets are changed and its length is mended. */
    static byte[] mutatedWithin(byte[] sequence, Mutator mutator) {
        int[] header = header(sequence, 0);
        if (header == null || mutator.oneIn(8)) {
            return mutator.mutate(sequence);
        }
        byte[] content = Arrays.copyOfRange(sequence, header[0], header[0] + header[1]);
        return element(sequence[0], mutator.mutate(content));
    }

    /** So that a seed number gives the same signatures again. */
    private static final class RepeatableRandom extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient Mutator mutator;

        RepeatableRandom(Mutator mutator) {
            super(new byte[8]);
            this.mutator = mutator;
        }

        @Override
        public void nextBytes(byte[] octets) {
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) mutator.below(256);
            }
        }
    }
}
