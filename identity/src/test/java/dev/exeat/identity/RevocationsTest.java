package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationsTest {
    @TempDir
    Path directory;

    private final X509Certificate certificate =
            CertificateIssuer.selfSigned(KeyFile.newKeyPair(), "x.test", Instant.now());
    private final String serial = certificate.getSerialNumber().toString(16);

    @ParameterizedTest
    @ValueSource(strings = {"%s", "  %s  # stolen\n", "# all\n\n%s", "0x%s"})
    void finds_a_serial_number(String text) {
        assertThat(Revocations.parse(text.formatted(serial)).revokes(certificate))
                .isTrue();
        assertThat(Revocations.parse(
                                text.formatted(serial).toUpperCase(Locale.ROOT).replace("0X", "0x"))
                        .revokes(certificate))
                .isTrue();
    }

    @Test
    void takes_the_colons_that_openssl_prints() {
        String even = serial.length() % 2 == 0 ? serial : "0" + serial;

        assertThat(Revocations.parse(even.replaceAll("(..)(?!$)", "$1:")).revokes(certificate))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "%s", "%s CN=another\\, one,O=Exeat", "%s\nspiffe://x.test/ns/a/sa/b # left\n1 CN=a\n1 CN=b"
            })
    void reads_what_it_wrote(String text) {
        Revocations read = Revocations.parse(text.formatted(serial));

        assertThat(Revocations.parse(read.toText())).isEqualTo(read);
        assertThat(Revocations.parse(read.toText()).toText()).isEqualTo(read.toText());
    }

    @Test
    void can_mean_one_issuer_alone() {
        String issuer = certificate.getIssuerX500Principal().getName();

        assertThat(Revocations.parse(serial + " " + issuer).revokes(certificate))
                .isTrue();
        assertThat(Revocations.parse(serial + " CN=another").revokes(certificate))
                .isFalse();
    }

    @Test
    void revokes_nothing_that_is_not_listed() {
        assertThat(Revocations.parse("# " + serial + "\n1").revokes(certificate))
                .isFalse();
        assertThat(Revocations.parse("")).isSameAs(Revocations.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xyz", "-1", "12g", "00112233445566778899aabbccddeeff0011223344556677", "1 not a name"})
    void names_the_line_that_it_cannot_read(String line) {
        assertThatThrownBy(() -> Revocations.parse("1\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void a_broken_file_names_itself() throws Exception {
        Path file = Files.writeString(directory.resolve("revoked.txt"), "what?");

        assertThatThrownBy(() -> RevocationFile.read(file))
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("revoked.txt")
                .hasMessageContaining("line 1");
    }

    @Test
    void an_identity_is_revoked_with_all_its_certificates() {
        Revocations revocations = Revocations.parse("01ab\nspiffe://cluster.local/ns/default/sa/gone # left us\n");

        assertThat(revocations.size()).isEqualTo(2);
        assertThat(revocations.revokes(SpiffeId.parse("spiffe://cluster.local/ns/default/sa/gone")))
                .isTrue();
        assertThat(revocations.revokes(SpiffeId.parse("spiffe://cluster.local/ns/default/sa/here")))
                .isFalse();
        assertThat(revocations).isNotEqualTo(Revocations.parse("01ab"));
    }

    @Test
    void a_malformed_spiffe_id_is_told_with_its_line() {
        assertThatThrownBy(() -> Revocations.parse("01ab\nspiffe://UPPER/x\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("SPIFFE ID");
    }
}
