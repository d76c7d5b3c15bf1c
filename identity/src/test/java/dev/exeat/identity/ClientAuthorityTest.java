package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.identity.ClientAuthority.Client;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientAuthorityTest {
    private static final Client JANE = new Client("jane, Doe=\"x\"", List.of("team a", "system:masters"));

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    private ClientAuthority open() {
        return ClientAuthority.open(directory.resolve("data"), () -> now);
    }

    private static X509Certificate certificate(ClientAuthority.Credentials credentials) throws Exception {
        return Certificates.parse(
                Pem.decode(Pem.CERTIFICATE, credentials.certificatePem()).getFirst());
    }

    @Test
    void knows_whom_it_certified_also_after_a_restart() throws Exception {
        X509Certificate certificate = certificate(open().issue(JANE, Duration.ofHours(1)));

        assertThat(open().verify(certificate)).isEqualTo(JANE);
        assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("RSA");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("data/client-ca-key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_certificate_ends() throws Exception {
        X509Certificate certificate = certificate(open().issue(JANE, Duration.ofHours(1)));

        now = now.plus(Duration.ofHours(1)).plusSeconds(1);

        assertThatThrownBy(() -> open().verify(certificate))
                .isInstanceOf(InvalidClientException.class)
                .hasMessageContaining("not valid now");
    }

    @Test
    void takes_no_certificate_that_others_made_nor_its_own_root_nor_an_svid() throws Exception {
        ClientAuthority other = ClientAuthority.open(directory.resolve("other"), () -> now);
        X509Certificate foreign = certificate(other.issue(JANE, Duration.ofHours(1)));
        try (Authority authority =
                Authority.open(directory.resolve("data"), "cluster.local", Duration.ofHours(1), () -> now)) {
            Svid svid = authority.issueLocal(ServiceAccountRef.GATEWAY.spiffeId("cluster.local"), SanNames.NONE);
            X509Certificate leaf = Certificates.parse(svid.chainDer().getFirst());

            for (X509Certificate certificate : List.of(foreign, leaf, open().root())) {
                assertThatThrownBy(() -> open().verify(certificate)).isInstanceOf(InvalidClientException.class);
            }
        }
    }

    @Test
    void refuses_what_cannot_be_certified() {
        ClientAuthority clients = open();
        Client nobody = new Client("", List.of());
        assertThatThrownBy(() -> clients.issue(nobody, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
        for (Duration bad : List.of(Duration.ZERO, Duration.ofDays(366))) {
            assertThatThrownBy(() -> clients.issue(JANE, bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void says_what_to_do_where_its_files_are_broken() throws Exception {
        open();
        Files.writeString(directory.resolve("data/client-ca.pem"), "no certificate", StandardCharsets.US_ASCII);

        assertThatThrownBy(this::open)
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("restore the pair");
    }
}
