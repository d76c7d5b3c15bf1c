package dev.exeat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.SvidMint.Svid;
import dev.exeat.testkit.SvidMint.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SvidMintTest {
    @TempDir
    static Path directory;

    private static SvidMint mint;

    @BeforeAll
    static void mint() {
        mint = SvidMint.mint(directory, "rig.test");
    }

    @Test
    void makes_all_of_them() {
        assertThat(mint.all())
                .hasSize(49)
                .containsKeys("a", "b", "c", "gw", "two-uri", "no-san", "nul", "rogue-root", "via-int", "via-leaf");
        assertThat(mint.all().values()).allSatisfy(svid -> {
            assertThat(svid.key()).exists();
            assertThat(svid.certificate()).exists();
        });
    }

    @Test
    void writes_what_openssl_reads() {
        for (Svid svid : mint.all().values()) {
            CommandRun run = CommandRun.of(
                    "openssl", "x509", "-noout", "-in", svid.certificate().toString());
            assertThat(run.exitCode()).as(run::toString).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-rsa", "nul"})
    void writes_keys_that_fit(String name) {
        String certificate = mint.svid(name).certificate().toString();
        String key = mint.svid(name).key().toString();

        assertThat(CommandRun.of("openssl", "x509", "-noout", "-pubkey", "-in", certificate)
                        .stdout())
                .startsWith("-----BEGIN PUBLIC KEY")
                .isEqualTo(
                        CommandRun.of("openssl", "pkey", "-pubout", "-in", key).stdout());
    }

    @ParameterizedTest
    @CsvSource({
        "a, 0, OK",
        "a-rsa, 0, OK",
        "no-eku, 0, OK",
        "via-int, 0, OK",
        "via-int-missing, 2, unable to get local issuer",
        "via-leaf, 2, invalid CA certificate",
        "foreign-root, 2, unable to get local issuer",
        "rogue-root, 2, signature failure",
        "expired, 2, certificate has expired",
        "future, 2, not yet valid",
        "eku-server, 2, unsuitable certificate purpose",
    })
    void fails_in_openssl_for_the_reason_meant(String name, int exit, String text) {
        String file = mint.svid(name).certificate().toString();
        CommandRun run = CommandRun.of(
                "openssl",
                "verify",
                "-purpose",
                "sslclient",
                "-CAfile",
                mint.bundle().toString(),
                "-untrusted",
                file,
                file);

        assertThat(run.exitCode()).as(run::toString).isEqualTo(exit);
        assertThat(run.stdout() + run.stderr()).contains(text);
    }

    @ParameterizedTest
    @CsvSource({
        "a, URI:spiffe://rig.test/ns/default/sa/sleep-us",
        "a-dns, 'DNS:sleep.default.svc'",
        "two-uri, 'URI:spiffe://rig.test/ns/default/sa/sleep-us, URI:spiffe://rig.test/ns/default/sa/sleep-canada'",
        "pct, sa/sleep%2dus",
        "upper-td, URI:spiffe://RIG.TEST/",
        "gw, IP Address:127.0.0.1",
        "email-san, email:sleep-us@rig.test",
        "ca-true, CA:TRUE",
        "crlsign, CRL Sign",
        "sha1, ecdsa-with-SHA1",
        "rsa1024, (1024 bit)",
    })
    void holds_what_it_is_meant_to(String name, String text) {
        assertThat(text(name)).contains(text);
    }

    @Test
    void keeps_a_nul_within_a_uri() throws Exception {
        CommandRun run = CommandRun.of(
                "openssl",
                "x509",
                "-outform",
                "DER",
                "-in",
                mint.svid("nul").certificate().toString(),
                "-out",
                directory.resolve("nul.der").toString());

        assertThat(run.exitCode()).isZero();
        assertThat(new String(
                        Files.readAllBytes(directory.resolve("nul.der")), java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("spiffe://rig.test/ns/default/sa/sleep-us\0.evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-san", "no-ku", "no-eku"})
    void leaves_out_what_it_is_meant_to(String name) {
        String extension = switch (name) {
            case "no-san" -> "Subject Alternative Name";
            case "no-ku" -> "X509v3 Key Usage";
            default -> "Extended Key Usage";
        };
        assertThat(text(name)).doesNotContain(extension);
        assertThat(text("a")).contains(extension);
    }

    @Test
    void names_a_verdict_for_each() {
        assertThat(mint.svid("a").verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(mint.svid("nul").verdict()).isEqualTo(Verdict.REJECT);
        assertThat(mint.svid("other-own").verdict()).isEqualTo(Verdict.REJECT_UNLESS_FEDERATED);
    }

    private static String text(String name) {
        return CommandRun.of(
                        "openssl",
                        "x509",
                        "-noout",
                        "-text",
                        "-in",
                        mint.svid(name).certificate().toString())
                .stdout();
    }
}
