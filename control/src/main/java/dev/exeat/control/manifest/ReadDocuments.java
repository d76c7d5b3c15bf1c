package dev.exeat.control.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the documents of one file said when it was read last, by their lines and the SHA-256 of their text: in a file of
 * many objects most are the same after a change. Not thread-safe.
 */
public final class ReadDocuments {
    private Map<Identity, ManifestFile> documents = Map.of();

    private record Identity(int firstLine, String digest) {}

    Reading begin() {
        return new Reading();
    }

    /** One reading of the file. */
    final class Reading {
        private final Map<Identity, ManifestFile> now = new HashMap<>();
        private final MessageDigest sha256;

        private Reading() {
            try {
                this.sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        ManifestFile of(DocumentText document, Supplier<ManifestFile> read) {
            byte[] digest = sha256.digest(document.text().getBytes(StandardCharsets.UTF_8));
            Identity identity =
                    new Identity(document.firstLine(), HexFormat.of().formatHex(digest));
            ManifestFile known = documents.get(identity);
            ManifestFile found = known == null ? read.get() : known;
            now.put(identity, found);
            return found;
        }

        /** Forgets what the file does not say any more. */
        void end() {
            documents = now.size() > 1 ? Map.copyOf(now) : Map.of();
        }
    }
}
