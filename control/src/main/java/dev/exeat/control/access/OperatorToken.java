package dev.exeat.control.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** The bearer token of whoever may read the data directory: the operator. Immutable. */
public final class OperatorToken {
    private static final String FILE = "operator.token";
    private static final int OCTETS = 32;

    private final String token;
    private final byte[] digest;

    private OperatorToken(String token) {
        this.token = token;
        this.digest = digest(token);
    }

    /**
     * Reads it, or makes one where there is none.
     *
     * @throws UncheckedIOException if it can neither be read nor written
     */
    public static OperatorToken open(Path dataDir) {
        Path file = dataDir.resolve(FILE);
        try {
            write(file);
            return new OperatorToken(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the operator's token " + file + " cannot be used", e);
        }
    }

    /** Whole or not at all, whenever the process ends. */
    private static void write(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        byte[] random = new byte[OCTETS];
        new SecureRandom().nextBytes(random);
        Path written = Files.createTempFile(
                file.getParent(),
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(written, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public String text() {
        return token;
    }

    /** In a time that tells nothing of where they differ. */
    boolean is(String offered) {
        return !token.isEmpty() && MessageDigest.isEqual(digest, digest(offered));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
