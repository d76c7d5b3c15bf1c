package dev.exeat.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Makes any certificate that is asked for, sound or not. Thread-safe. */
final class CertificateMint {
    private static final AtomicLong SERIAL = new AtomicLong(0x1000);

    private CertificateMint() {}

    /** A subjectAltName entry: the tag of RFC 5280 section 4.2.1.6 and the octets as ISO 8859-1, which nothing checks. */
    record AltName(int tag, String latin1) {
        static final int EMAIL = 1;
        static final int DNS = 2;
        static final int URI = 6;
        static final int IP = 7;
    }

    /** A certificate with its key. */
    record Issued(X509Certificate certificate, PrivateKey key) {}

    /**
     * What to put into a certificate.
     *
     * @param ca the cA flag, or null for no basicConstraints
     * @param keyUsage the bits of Bouncy Castle's KeyUsage, or 0 for no such extension
     */
    record Content(
            X500Name subject,
            KeyPair keys,
            Instant notBefore,
            Instant notAfter,
            List<AltName> names,
            @Nullable BasicConstraints ca,
            int keyUsage,
            List<KeyPurposeId> purposes) {}

    /** Signs {@code content} with the issuer's key; the issuer null makes it self-signed. */
    static Issued issue(Content content, @Nullable Issued issuer, String digest) {
        X500Name issuerName = issuer == null
                ? content.subject()
                : X500Name.getInstance(
                        issuer.certificate().getSubjectX500Principal().getEncoded());
        PrivateKey signer = issuer == null ? content.keys().getPrivate() : issuer.key();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(content.notBefore()),
                    Date.from(content.notAfter()),
                    content.subject(),
                    content.keys().getPublic());
            addExtensions(builder, content);
            String algorithm = digest + "with" + (signer.getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer)));
            return new Issued(certificate, content.keys().getPrivate());
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make the certificate of " + content.subject(), e);
        }
    }

    private static void addExtensions(JcaX509v3CertificateBuilder builder, Content content) throws IOException {
        if (content.ca() != null) {
            builder.addExtension(Extension.basicConstraints, true, content.ca());
        }
        if (content.keyUsage() != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(content.keyUsage()));
        }
        if (!content.purposes().isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(content.purposes().toArray(KeyPurposeId[]::new)));
        }
        if (!content.names().isEmpty()) {
            List<ASN1Encodable> names = new ArrayList<>();
            for (AltName name : content.names()) {
                // Built from raw octets: the library's own GeneralName would refuse or repair some of them.
                names.add(new DERTaggedObject(
                        false, name.tag(), new DEROctetString(name.latin1().getBytes(StandardCharsets.ISO_8859_1))));
            }
            builder.addExtension(
                    new ASN1ObjectIdentifier("2.5.29.17"), false, new DERSequence(names.toArray(ASN1Encodable[]::new)));
        }
    }

    static KeyPair ecKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair rsaKey(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Issued root(X500Name subject, List<AltName> names, Duration life) {
        Instant now = Instant.now();
        return issue(
                new Content(
                        subject,
                        ecKey(),
                        now.minus(Duration.ofDays(1)),
                        now.plus(life),
                        names,
                        new BasicConstraints(true),
                        KeyUsage.keyCertSign | KeyUsage.cRLSign,
                        List.of()),
                null,
                "SHA256");
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
