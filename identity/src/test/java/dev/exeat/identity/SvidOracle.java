package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import dev.exeat.testkit.fuzz.Same;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * A second judge of chains, by the rules of SPIFFE X509-SVID written down plainly: Bouncy Castle reads the extensions,
 * and each signature is checked by itself, without the JDK's path validation.
 */
final class SvidOracle {
    private static final Set<String> SIGNATURES = Set.of(
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            "1.3.101.112");

    private SvidOracle() {}

    /** @throws AssertionError unless the chain proves the ID */
    static void requireSound(List<byte[]> chain, SpiffeId id) throws Exception {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : chain) {
            certificates.add((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        }
        requireLeaf(new X509CertificateHolder(chain.getFirst()), id);
        for (X509Certificate root : SvidFuzz.BUNDLE.roots(id.trustDomain())) {
            if (leadsTo(root, chain, certificates)) {
                return;
            }
        }
        throw new AssertionError("no root of " + id.trustDomain() + " vouches for what was taken");
    }

    private static void requireLeaf(X509CertificateHolder leaf, SpiffeId id) {
        Extensions extensions = leaf.getExtensions();
        List<String> uris = new ArrayList<>();
        for (GeneralName name : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName)
                .getNames()) {
            if (name.getTagNo() == GeneralName.uniformResourceIdentifier) {
                uris.add(((ASN1String) name.getName()).getString());
            }
        }
        Same.require("one URI", uris, List.of(id.toString()));
        BasicConstraints constraints = BasicConstraints.fromExtensions(extensions);
        Same.require("no authority", constraints != null && constraints.isCA(), false);
        KeyUsage usage = KeyUsage.fromExtensions(extensions);
        Same.require("critical", extensions.getExtension(Extension.keyUsage).isCritical(), true);
        Same.require("may sign data", usage.hasUsages(KeyUsage.digitalSignature), true);
        Same.require("certificates", usage.hasUsages(KeyUsage.keyCertSign) || usage.hasUsages(KeyUsage.cRLSign), false);
        ExtendedKeyUsage purposes = ExtendedKeyUsage.fromExtensions(extensions);
        Same.require("a client", purposes == null || purposes.hasKeyPurposeId(KeyPurposeId.id_kp_clientAuth), true);
    }

    /** Whether the first certificates of the chain lead to the root, each issued by the next. */
    private static boolean leadsTo(X509Certificate root, List<byte[]> chain, List<X509Certificate> certificates)
            throws IOException {
        for (int i = 0; i < chain.size(); i++) {
            // What is sent beyond the path is not looked at, and so may be anything.
            X509CertificateHolder one = new X509CertificateHolder(chain.get(i));
            boolean sound = one.isValidOn(Date.from(SvidFuzz.NOW))
                    && SIGNATURES.contains(
                            one.getSignatureAlgorithm().getAlgorithm().getId())
                    && (i == 0 || mayIssue(one, i - 1));
            if (!sound) {
                return false;
            }
            if (issued(certificates.get(i), root)) {
                return true;
            }
            if (i + 1 == chain.size() || !issued(certificates.get(i), certificates.get(i + 1))) {
                return false;
            }
        }
        return false;
    }

    private static boolean mayIssue(X509CertificateHolder authority, int authoritiesBelow) {
        BasicConstraints constraints = BasicConstraints.fromExtensions(authority.getExtensions());
        KeyUsage usage = KeyUsage.fromExtensions(authority.getExtensions());
        return constraints != null
                && constraints.isCA()
                && usage != null
                && usage.hasUsages(KeyUsage.keyCertSign)
                && (constraints.getPathLenConstraint() == null
                        || constraints.getPathLenConstraint().intValue() >= authoritiesBelow);
    }

    private static boolean issued(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
