package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustBundleTest {
    private static final String ROOT = root();

    private static String root() {
        X509Certificate root = CertificateIssuer.selfSigned(KeyFile.newKeyPair(), "a.test", Instant.now());
        return Pem.encode(Pem.CERTIFICATE, Certificates.encoded(root));
    }

    @Test
    void holds_the_roots_of_each_domain_apart() {
        String other = root();
        TrustBundle bundle = TrustBundle.fromPem("a.test", ROOT).with(TrustBundle.fromPem("b.test", other));

        assertThat(bundle.trustDomains()).containsExactlyInAnyOrder("a.test", "b.test");
        assertThat(bundle.toPem("a.test")).isEqualTo(ROOT);
        assertThat(bundle.toPem("b.test")).isEqualTo(other);
        assertThat(bundle.roots("c.test")).isEmpty();
        assertThat(bundle.toPem("c.test")).isEmpty();
        assertThat(bundle.with(TrustBundle.fromPem("a.test", other)).toPem("a.test"))
                .isEqualTo(other);
    }

    @Test
    void takes_text_around_the_blocks_and_each_root_once() {
        TrustBundle bundle =
                TrustBundle.fromPem("a.test", "# comment\r\n" + ROOT.replace("\n", "\r\n") + "\nfoo\n" + ROOT);

        assertThat(bundle.roots("a.test")).hasSize(1);
        assertThat(bundle)
                .isEqualTo(TrustBundle.fromPem("a.test", ROOT))
                .hasSameHashCodeAs(TrustBundle.fromPem("a.test", ROOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nMIIB\n",
                "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"
            })
    void refuses_text_without_roots(String pem) {
        assertThatThrownBy(() -> TrustBundle.fromPem("a.test", pem))
                .isInstanceOf(InvalidBundleException.class)
                .hasMessageContaining("a.test");
    }

    @Test
    void refuses_a_root_with_a_broken_one_beside_it_and_too_many() {
        String broken = ROOT + Pem.encode(Pem.CERTIFICATE, "no certificate".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> TrustBundle.fromPem("a.test", broken)).isInstanceOf(InvalidBundleException.class);
        assertThatThrownBy(() -> TrustBundle.fromPem("a.test", ROOT.repeat(65)))
                .isInstanceOf(InvalidBundleException.class);
    }
}
