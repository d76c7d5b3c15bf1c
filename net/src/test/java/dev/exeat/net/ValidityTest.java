package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidityTest {
    @TempDir
    private static Path directory;

    private static TestCertificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = TestCertificates.make(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.pem", "server.pem", "middle.pem", "deep-leaf.pem"})
    void finds_the_end_that_the_platform_finds(String file) throws Exception {
        byte[] der = certificates.der(file);
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));

        assertThat(Validity.end(der))
                .isEqualTo(certificate.getNotAfter().toInstant().getEpochSecond());
    }

    @Test
    void what_is_no_certificate_is_long_over() throws Exception {
        byte[] der = certificates.der("client.pem");

        assertThat(Validity.end(new byte[0])).isZero();
        assertThat(Validity.end("no certificate".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isZero();
        for (int length = 0; length < 40; length++) {
            assertThat(Validity.end(Arrays.copyOf(der, length))).isZero();
        }
    }

    /** RFC 5280 section 4.1.2.5.2: a certificate may end after 2049. */
    @Test
    void years_past_2049_are_understood() throws Exception {
        byte[] der = certificates.der("client.pem");
        // A certificate's beginning, made by hand: version, serial, algorithm, issuer, and then the validity.
        byte[] made = {
            0x30,
            0x40,
            0x30,
            0x3e,
            (byte) 0xa0,
            0x03,
            0x02,
            0x01,
            0x02,
            0x02,
            0x01,
            0x01,
            0x30,
            0x00,
            0x30,
            0x00,
            0x30,
            0x20,
            0x17,
            0x0d,
            '2',
            '6',
            '0',
            '1',
            '0',
            '1',
            '0',
            '0',
            '0',
            '0',
            '0',
            '0',
            'Z',
            0x18,
            0x0f,
            '2',
            '0',
            '5',
            '1',
            '0',
            '1',
            '0',
            '1',
            '0',
            '0',
            '0',
            '0',
            '0',
            '0',
            'Z'
        };

        assertThat(Validity.end(made)).isEqualTo(2_556_144_000L).isGreaterThan(Validity.end(der));
    }
}
