package dev.exeat.identity;

import dev.exeat.model.IpAddress;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Builds and signs certificates as SPIFFE X509-SVID has them: the root (section 4, signing certificates) and leaves
 * (section 4, leaf certificates). Thread-safe.
 */
final class CertificateIssuer {
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final X500Name LEAF_SUBJECT = new X500Name("O=Exeat");
    private static final Duration ROOT_LIFETIME = Duration.ofDays(3653);
    private static final Duration ROOT_BACKDATED = Duration.ofHours(1);
    private static final int SERIAL_BITS = 128;

    private final KeyPair keys;
    private final X509Certificate certificate;
    private final SecureRandom random = new SecureRandom();

    /** @param certificate the root, whose key is {@code keys} */
    CertificateIssuer(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** A self-signed root for the trust domain, valid for ten years. */
    static X509Certificate selfSigned(KeyPair keys, String trustDomain, Instant now) {
        // The key's hash keeps two roots of one domain apart by name, as a path is found by names.
        X500Name subject = new X500Name("CN=Exeat authority "
                + HexFormat.of()
                        .formatHex(
                                extensions()
                                        .createSubjectKeyIdentifier(keys.getPublic())
                                        .getKeyIdentifier(),
                                0,
                                8)
                + ",O=Exeat");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                serial(new SecureRandom()),
                Date.from(now.minus(ROOT_BACKDATED)),
                Date.from(now.plus(ROOT_LIFETIME)),
                subject,
                keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                            new GeneralName(GeneralName.uniformResourceIdentifier, SpiffeId.SCHEME + trustDomain)));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions().createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions().createAuthorityKeyIdentifier(keys.getPublic()));
            return sign(builder, keys);
        } catch (IOException e) {
            throw new IllegalStateException("cannot encode the root certificate", e);
        }
    }

    /** What a leaf is made of; nothing in it comes from a request but the key. */
    record Leaf(PublicKey key, SpiffeId id, SanNames names, Instant notBefore, Instant notAfter) {}

    X509Certificate issue(Leaf leaf) {
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                serial(random),
                Date.from(leaf.notBefore()),
                Date.from(leaf.notAfter()),
                LEAF_SUBJECT,
                leaf.key());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(Extension.subjectAlternativeName, false, altNames(leaf));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions().createAuthorityKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions().createSubjectKeyIdentifier(leaf.key()));
            return sign(builder, keys);
        } catch (IOException e) {
            throw new IllegalStateException("cannot encode the certificate of " + leaf.id(), e);
        }
    }

    private static GeneralNames altNames(Leaf leaf) {
        List<GeneralName> names = new ArrayList<>();
        names.add(
                new GeneralName(GeneralName.uniformResourceIdentifier, leaf.id().toString()));
        for (String name : leaf.names().dnsNames()) {
            names.add(new GeneralName(GeneralName.dNSName, name));
        }
        for (IpAddress address : leaf.names().addresses()) {
            names.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(address.octets())));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    /** Random and positive (RFC 5280 section 4.1.2.2), so that no count needs to be kept and none repeats. */
    private static BigInteger serial(SecureRandom random) {
        BigInteger serial;
        do {
            serial = new BigInteger(SERIAL_BITS, random);
        } while (serial.signum() == 0);
        return serial;
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair keys) {
        try {
            byte[] der = builder.build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate()))
                    .getEncoded();
            return Certificates.parse(der);
        } catch (OperatorCreationException | CertificateException | IOException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        }
    }

    private static JcaX509ExtensionUtils extensions() {
        try {
            return new JcaX509ExtensionUtils();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1 for key identifiers", e);
        }
    }
}
