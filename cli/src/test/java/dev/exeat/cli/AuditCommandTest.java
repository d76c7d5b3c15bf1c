package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.audit.SealedSegments;
import dev.exeat.flow.audit.SigningKey;
import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.Svid;
import dev.exeat.identity.SvidSource;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code exeat audit verify} of lines that a gateway's SVID sealed. */
class AuditCommandTest {
    private static final String TRUST_DOMAIN = "cluster.local";
    private static final String GATEWAY =
            ServiceAccountRef.GATEWAY.spiffeId(TRUST_DOMAIN).toString();
    /** Long ago: the SVID has ended since. */
    private static final InstantSource THEN = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    private Path directory;

    private Path log;
    private Path bundle;

    @BeforeEach
    void write() throws IOException, GeneralSecurityException {
        log = directory.resolve("audit");
        bundle = directory.resolve("bundle.pem");
        write(ServiceAccountRef.GATEWAY.spiffeId(TRUST_DOMAIN));
    }

    private void write(SpiffeId signer) throws IOException, GeneralSecurityException {
        try (Authority authority =
                        Authority.open(directory.resolve("authority"), TRUST_DOMAIN, Duration.ofHours(1), THEN);
                SvidSource source =
                        AuthoritySvidSource.open(authority, signer, SanNames.loopbackAnd(List.of()), THEN)) {
            Files.writeString(bundle, authority.bundle().toPem(TRUST_DOMAIN));
            SigningKey key = key(source.svid());
            SealedSegments segments =
                    new SealedSegments(log, new SealedSegments.Limits(1000, Duration.ZERO), () -> key, THEN);
            segments.prepare();
            byte[] lines = "{\"id\":\"a-1\"}\n{\"id\":\"a-2\"}\n".getBytes(StandardCharsets.US_ASCII);
            segments.write(lines, lines.length);
            segments.close();
        }
    }

    private static SigningKey key(Svid svid) throws GeneralSecurityException {
        return new SigningKey(
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(svid.pkcs8Key())),
                svid.chainDer());
    }

    private CliRun verify(String... more) {
        List<String> words = new ArrayList<>(List.of("audit", "verify", log.toString(), "--bundle"));
        words.add(bundle.toString());
        words.addAll(List.of(more));
        return CliRun.of(words.toArray(String[]::new));
    }

    @Test
    void says_what_holds_and_who_signed_it() {
        CliRun run = verify();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("2 records in 1 segments are sealed by 1 checkpoints of " + GATEWAY + "\n"
                        + "the newest is of 2026-01-02T03:04:05Z: segment 1, record 2, ")
                .endsWith("nothing was altered\n");
    }

    @Test
    void says_what_was_altered() throws IOException {
        Path lines = log.resolve("records-0000000001.jsonl");
        Files.writeString(lines, Files.readString(lines).replace("a-2", "a-3"));

        CliRun run = verify("-o", "json");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        JsonNode result = JsonMapper.shared().readTree(run.out());
        assertThat(result.path("intact").asBoolean()).isFalse();
        assertThat(result.at("/findings/0/message").asString())
                .isEqualTo("records 1 to 2: records have been altered, added or taken away");
        assertThat(verify().out())
                .startsWith("ALTERED  segment 1: records 1 to 2: ")
                .endsWith("records were altered\n");
    }

    @Test
    void takes_no_other_signer() {
        assertThat(verify("--signer", GATEWAY).exitCode()).isZero();
        CliRun other = verify("--signer", "spiffe://cluster.local/ns/default/sa/other");
        assertThat(other.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(other.out()).contains("the signature does not hold: it is of " + GATEWAY);
    }

    @Test
    void cannot_tell_who_signed_what_the_bundle_does_not_vouch_for() throws IOException {
        try (Authority strange =
                Authority.open(directory.resolve("strange"), TRUST_DOMAIN, Duration.ofHours(1), THEN)) {
            Files.writeString(bundle, strange.bundle().toPem(TRUST_DOMAIN));
        }
        CliRun run = verify();
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.out())
                .startsWith("UNKNOWN  segment 1: records 1 to 2: the bundle does not vouch for who signed: ")
                .endsWith("whether records were altered cannot be told\n");
        assertThat(JsonMapper.shared()
                        .readTree(verify("-o", "json").out())
                        .at("/findings/0/kind")
                        .asString())
                .isEqualTo("unknown");
    }

    @Test
    void takes_several_signers_only_where_they_are_named() throws Exception {
        String workload = "spiffe://cluster.local/ns/default/sa/a";
        write(SpiffeId.parse(workload));

        CliRun run = verify();
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.out())
                .contains("UNKNOWN  segment 2: records 1 to 2: several signed: " + workload + ", " + GATEWAY);
        assertThat(verify("--signer", GATEWAY, "--signer", workload).exitCode()).isZero();
        assertThat(verify("--signer", GATEWAY).exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void says_what_it_cannot_read() throws IOException {
        Files.writeString(bundle, "no certificate");
        assertThat(verify().exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(verify().err()).contains(bundle.toString());
        Files.delete(bundle);
        assertThat(verify().err()).contains(bundle + " cannot be read");

        CliRun nothing =
                CliRun.of("audit", "verify", directory.resolve("none").toString(), "--bundle", bundle.toString());
        assertThat(nothing.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(CliRun.of("audit").err()).contains("exeat audit verify");
    }
}
