package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.CommandRun;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SigningRequestTest {
    @BeforeAll
    static void warmUp() {
        SigningRequest.provenKey(Csr.good());
    }

    static Stream<Arguments> sound() throws Exception {
        return Stream.of(
                Arguments.of("P-256", Csr.ec("secp256r1")),
                Arguments.of("P-384", Csr.ec("secp384r1")),
                Arguments.of("RSA 2048", Csr.rsa(2048, 65537)),
                Arguments.of("RSA 4096", Csr.rsa(4096, 65537)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void takes_the_proven_key(String name, KeyPair keys) {
        assertThat(SigningRequest.provenKey(Csr.of(keys))).isEqualTo(keys.getPublic());
    }

    @Test
    void takes_what_openssl_makes(@TempDir Path directory) throws Exception {
        Path csr = directory.resolve("x.csr");
        CommandRun run = CommandRun.of(
                "openssl",
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=x",
                "-keyout",
                directory.resolve("x.key").toString(),
                "-outform",
                "DER",
                "-out",
                csr.toString());
        assertThat(run.exitCode()).as(run::toString).isZero();

        assertThat(SigningRequest.provenKey(Files.readAllBytes(csr)).getAlgorithm())
                .isEqualTo("EC");
    }

    static Stream<Arguments> absurdKeys() throws Exception {
        KeyPair p256 = Csr.ec("secp256r1");
        KeyPair rsa = Csr.rsa(2048, 65537);
        BigInteger modulus = ((java.security.interfaces.RSAPublicKey) rsa.getPublic()).getModulus();
        Random random = new Random(7);
        BigInteger huge = new BigInteger(16384, random).setBit(16383).setBit(0);
        KeyPair ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return Stream.of(
                Arguments.of("RSA of 1024 bits", Csr.of(Csr.rsa(1024, 65537))),
                Arguments.of("RSA with exponent 3", Csr.of(Csr.rsa(2048, 3))),
                Arguments.of("RSA of 16384 bits", rsa(huge, BigInteger.valueOf(65537), rsa)),
                Arguments.of("RSA with exponent 1", rsa(modulus, BigInteger.ONE, rsa)),
                Arguments.of("RSA with an even exponent", rsa(modulus, BigInteger.valueOf(65538), rsa)),
                Arguments.of("RSA with a huge exponent", rsa(modulus, modulus.subtract(BigInteger.TWO), rsa)),
                Arguments.of("RSA with an even modulus", rsa(modulus.clearBit(0), BigInteger.valueOf(65537), rsa)),
                Arguments.of("RSA with a negative modulus", rsa(modulus.negate(), BigInteger.valueOf(65537), rsa)),
                Arguments.of("P-521", Csr.of(Csr.ec("secp521r1"))),
                Arguments.of("P-192", curve("1.2.840.10045.3.1.1", p256)),
                Arguments.of("secp256k1", curve("1.3.132.0.10", p256)),
                Arguments.of("Ed25519", Csr.signed(Csr.builder(ed), ed, "Ed25519")),
                Arguments.of("a point not on its curve", offCurve(p256)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("absurdKeys")
    @Case("C07")
    void refuses_weak_and_absurd_keys_at_little_cost(String name, byte[] csr) {
        assertRefusedCheaply(csr);
    }

    static Stream<Arguments> malformed() throws Exception {
        KeyPair keys = KeyFile.newKeyPair();
        byte[] good = Csr.of(keys);
        byte[] nested = nested(4000);
        return Stream.of(
                Arguments.of("nothing", new byte[0]),
                Arguments.of("one octet", new byte[] {0x30}),
                Arguments.of("zeros", new byte[16384]),
                Arguments.of("five megabytes", new byte[5 << 20]),
                Arguments.of("a length of two gigabytes", new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1, 0}),
                Arguments.of("an indefinite length", new byte[] {0x30, (byte) 0x80, 0, 0}),
                Arguments.of("deep nesting", nested),
                Arguments.of("10,000 attributes", Csr.withAttributes(keys, 10_000)),
                Arguments.of("300 attributes", Csr.withAttributes(keys, 300)),
                Arguments.of("octets after it", Arrays.copyOf(good, good.length + 1)),
                Arguments.of(
                        "a certificate",
                        Certificates.encoded(CertificateIssuer.selfSigned(keys, "x.test", Instant.now()))),
                Arguments.of("text", "-----BEGIN CERTIFICATE REQUEST-----".getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    @Case("C08")
    void refuses_huge_and_malformed_requests_at_little_cost(String name, byte[] csr) {
        assertRefusedCheaply(csr);
    }

    @Test
    @Case("C02")
    void refuses_a_signature_by_another_key() throws Exception {
        byte[] csr = Csr.signed(Csr.builder(KeyFile.newKeyPair()), KeyFile.newKeyPair(), "SHA256withECDSA");
        byte[] mixed = Csr.signed(Csr.builder(KeyFile.newKeyPair()), Csr.rsa(2048, 65537), "SHA256withRSA");

        assertThatThrownBy(() -> SigningRequest.provenKey(csr))
                .isInstanceOf(RefusedCsrException.class)
                .hasMessageContaining("not signed with the private key");
        assertThatThrownBy(() -> SigningRequest.provenKey(mixed)).isInstanceOf(RefusedCsrException.class);
    }

    @Test
    void refuses_a_weak_hash() {
        KeyPair keys = KeyFile.newKeyPair();

        assertThatThrownBy(() -> SigningRequest.provenKey(Csr.signed(Csr.builder(keys), keys, "SHA1withECDSA")))
                .isInstanceOf(RefusedCsrException.class)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void refuses_every_cut_and_every_changed_octet() {
        byte[] good = Csr.good();

        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= (byte) (1 << i % 8);
            byte[] cut = Arrays.copyOf(good, i);
            assertThat(refusal(cut)).as("cut at %d", i).isNotNull();
            // All but the octet that counts the unused bits of the signature, which stand for nothing.
            if (good[i] != 0 || changed[i] < 0 || changed[i] > 7) {
                assertThat(refusal(changed))
                        .as("changed at %d of %d", i, good.length)
                        .isNotNull();
            }
        }
    }

    @Test
    void survives_a_thousand_mutations() {
        byte[] good = Csr.good();
        Random random = new Random(20261123);
        for (int round = 0; round < 1000; round++) {
            byte[] mutated = good.clone();
            for (int i = 0, n = 1 + random.nextInt(6); i < n; i++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            refusal(mutated);
        }
    }

    private static RefusedCsrException refusal(byte[] csr) {
        return catchThrowableOfType(RefusedCsrException.class, () -> SigningRequest.provenKey(csr));
    }

    private static void assertRefusedCheaply(byte[] csr) {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        assertThat(refusal(csr)).isNotNull();
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before)).isLessThan(Duration.ofMillis(100));
    }

    private static byte[] rsa(BigInteger modulus, BigInteger exponent, KeyPair signer) throws Exception {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        byte[] key =
                new DERSequence(new ASN1Encodable[] {new ASN1Integer(modulus), new ASN1Integer(exponent)}).getEncoded();
        return Csr.signed(Csr.builder(new SubjectPublicKeyInfo(algorithm, key)), signer, "SHA256withRSA");
    }

    private static byte[] curve(String oid, KeyPair p256) {
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(p256.getPublic().getEncoded());
        AlgorithmIdentifier algorithm =
                new AlgorithmIdentifier(info.getAlgorithm().getAlgorithm(), new ASN1ObjectIdentifier(oid));
        return Csr.signed(
                Csr.builder(new SubjectPublicKeyInfo(
                        algorithm, info.getPublicKeyData().getOctets())),
                p256,
                "SHA256withECDSA");
    }

    private static byte[] offCurve(KeyPair p256) {
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(p256.getPublic().getEncoded());
        byte[] point = info.getPublicKeyData().getOctets().clone();
        point[point.length - 1] ^= 1;
        return Csr.signed(Csr.builder(new SubjectPublicKeyInfo(info.getAlgorithm(), point)), p256, "SHA256withECDSA");
    }

    /** Sequences within sequences, as deep as 16 KiB allow, each with a right length. */
    private static byte[] nested(int depth) {
        byte[] inner = {0x05, 0x00};
        for (int i = 0; i < depth; i++) {
            int length = inner.length;
            byte[] head = length < 0x80
                    ? new byte[] {0x30, (byte) length}
                    : length < 0x100
                            ? new byte[] {0x30, (byte) 0x81, (byte) length}
                            : new byte[] {0x30, (byte) 0x82, (byte) (length >> 8), (byte) length};
            byte[] outer = Arrays.copyOf(head, head.length + length);
            System.arraycopy(inner, 0, outer, head.length, length);
            inner = outer;
        }
        return inner;
    }
}
