package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
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

    @Test
    void refuses_a_root_in_which_any_octet_was_changed() {
        byte[] der = Pem.decode(Pem.CERTIFICATE, ROOT).getFirst();
        for (int i = 0; i < der.length; i++) {
            byte[] changed = der.clone();
            changed[i] ^= 0x01;
            String pem = Pem.encode(Pem.CERTIFICATE, changed);

            assertThatThrownBy(() -> TrustBundle.fromPem("a.test", pem))
                    .as("octet " + i)
                    .isInstanceOf(InvalidBundleException.class)
                    .hasMessageContaining("a.test");
        }
    }

    @Test
    void says_that_a_root_does_not_verify() {
        byte[] der = Pem.decode(Pem.CERTIFICATE, ROOT).getFirst();
        der[der.length - 1] ^= 0x01;

        assertThatThrownBy(() -> TrustBundle.fromPem("a.test", Pem.encode(Pem.CERTIFICATE, der)))
                .hasMessageContaining("own signature does not verify")
                .hasMessageContaining("CN=Exeat authority");
    }

    @Test
    void takes_a_root_that_another_authority_signed_as_it_is() throws Exception {
        KeyPair other = KeyFile.newKeyPair();
        String crossSigned = root("CN=ours", KeyFile.newKeyPair(), "CN=theirs", other);

        assertThat(TrustBundle.fromPem("a.test", crossSigned).roots("a.test")).hasSize(1);
        assertThat(TrustBundle.federated("a.test", crossSigned).roots("a.test")).hasSize(1);
    }

    @Test
    void takes_a_new_key_that_the_old_one_signed_beside_it() throws Exception {
        KeyPair old = KeyFile.newKeyPair();
        String oldRoot = root("CN=ours", old, "CN=ours", old);
        String newWithOld = root("CN=ours", KeyFile.newKeyPair(), "CN=ours", old);

        assertThat(TrustBundle.fromPem("a.test", oldRoot + newWithOld).roots("a.test"))
                .hasSize(2);
        assertThatThrownBy(() -> TrustBundle.fromPem("a.test", newWithOld)).isInstanceOf(InvalidBundleException.class);
    }

    private static String root(String subject, KeyPair keys, String issuer, KeyPair signer) throws Exception {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.valueOf(now.getNano() + 1L),
                Date.from(now),
                Date.from(now.plusSeconds(60)),
                new X500Name(subject),
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return Pem.encode(
                Pem.CERTIFICATE,
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                        .getEncoded());
    }
}
