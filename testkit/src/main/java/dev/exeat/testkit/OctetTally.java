package dev.exeat.testkit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts octets and takes their SHA-256 as they pass. Thread-safe. */
public final class OctetTally {
    private final MessageDigest digest;
    private long count;

    public OctetTally() {
        this.digest = newDigest();
    }

    /** The SHA-256 of octets at once, in lower-case hex. */
    public static String sha256(byte[] octets) {
        return HexFormat.of().formatHex(newDigest().digest(octets));
    }

    public synchronized void add(byte[] octets, int length) {
        digest.update(octets, 0, length);
        count += length;
    }

    public synchronized long count() {
        return count;
    }

    /** The digest of all octets so far, in lower-case hex; more may follow. */
    public synchronized String sha256() {
        try {
            MessageDigest copy = (MessageDigest) digest.clone();
            return HexFormat.of().formatHex(copy.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
