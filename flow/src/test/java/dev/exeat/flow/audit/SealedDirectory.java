package dev.exeat.flow.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.audit.AuditVerifier.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory of sealed segments, what is written to it, and what is done to it. */
abstract class SealedDirectory {
    static final SealedSegments.Limits LIMITS = new SealedSegments.Limits(400, Duration.ofHours(1));

    @TempDir
    Path directory;

    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    KeyPair key;

    @BeforeEach
    void makeKey() throws GeneralSecurityException {
        key = KeyPairGenerator.getInstance("EC").generateKeyPair();
    }

    SealedSegments segments() throws IOException {
        SealedSegments segments = new SealedSegments(directory, LIMITS, this::signing, () -> now);
        segments.prepare();
        return segments;
    }

    SigningKey signing() {
        return new SigningKey(key.getPrivate(), List.of(key.getPublic().getEncoded()));
    }

    static void write(SealedSegments segments, String line) throws IOException {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        segments.write(octets, octets.length);
    }

    AuditVerifier.Result verified() throws IOException {
        return AuditVerifier.verify(directory, (chain, at, text, signature) -> {
            try {
                return List.of(chain.getFirst()).getFirst().length
                                        == key.getPublic().getEncoded().length
                                && CheckpointSignatures.verify(key.getPublic(), text, signature)
                        ? null
                        : new AuditVerifier.Doubt(Kind.ALTERED, "the signature does not hold");
            } catch (GeneralSecurityException e) {
                return new AuditVerifier.Doubt(Kind.ALTERED, e.toString());
            }
        });
    }

    /** Ten records in several segments, all sealed. */
    void writeTen() throws IOException {
        SealedSegments segments = segments();
        writeTen(segments);
        segments.close();
    }

    void writeTen(SealedSegments segments) throws IOException {
        for (int i = 0; i < 10; i++) {
            write(segments, "{\"record\":" + i + ",\"padding\":\"" + "x".repeat(80) + "\"}");
            now = now.plusMillis(400);
        }
    }

    SealedSegments segments(TightDisk disk) throws IOException {
        SealedSegments segments = new SealedSegments(directory, LIMITS, this::signing, () -> now, disk);
        segments.prepare();
        return segments;
    }

    List<String> names() throws IOException {
        try (var listed = Files.list(directory)) {
            return listed.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    Path file(String suffix, int segment) {
        return directory.resolve("records-%010d.%s".formatted(segment, suffix));
    }

    static void replace(Path file, String old, String fresh) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, fresh), StandardCharsets.ISO_8859_1);
    }

    List<String> altered() throws IOException {
        return verified().findings().stream()
                .filter(finding -> finding.kind() == Kind.ALTERED)
                .map(finding -> finding.segment() + ": " + finding.message())
                .toList();
    }
}
