package dev.exeat.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** Texts and numbers in a row, each text with its length before it, so that no two rows look alike. Not thread-safe. */
final class DigestText {
    private static final int LARGE = 1 << 20;

    private byte[] octets = new byte[1024];
    private int length;

    void add(String text) {
        int start = length + Integer.BYTES;
        reserve(start + text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                addEncoded(text);
                return;
            }
            octets[start + i] = (byte) c;
        }
        add(text.length());
        length += text.length();
    }

    private void addEncoded(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        add(encoded.length);
        reserve(length + encoded.length);
        System.arraycopy(encoded, 0, octets, length, encoded.length);
        length += encoded.length;
    }

    void add(int number) {
        reserve(length + Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            octets[length++] = (byte) (number >>> shift);
        }
    }

    private void reserve(int needed) {
        if (needed > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(needed, octets.length * 2));
        }
    }

    /** Sums up what was added, and begins anew. */
    byte[] digest(MessageDigest algorithm) {
        algorithm.update(octets, 0, length);
        length = 0;
        if (octets.length > LARGE) {
            octets = new byte[1024];
        }
        return algorithm.digest();
    }
}
