package dev.exeat.identity;

import dev.exeat.identity.InvalidSvidException.Kind;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** What SPIFFE X509-SVID demands of a leaf (sections 2, 4 and 5.2), apart from its path. */
final class LeafRules {
    private LeafRules() {}

    /** @throws InvalidSvidException if the certificate is no leaf SVID for the role */
    static SpiffeId check(X509Certificate leaf, PeerRole role) {
        SpiffeId id = spiffeId(leaf);
        if (leaf.getBasicConstraints() >= 0) {
            throw bad("the leaf is an authority's certificate (cA is true)");
        }
        checkKeyUsage(leaf);
        checkPurpose(leaf, role);
        KeyStrength.check(leaf);
        return id;
    }

    /** @throws InvalidSvidException unless the certificate has exactly one URI name, and it is a workload's SPIFFE ID */
    static SpiffeId spiffeId(X509Certificate leaf) {
        List<byte[]> uris = SubjectAltNames.uris(leaf);
        if (uris.size() != 1) {
            throw bad("the leaf has " + uris.size() + " URI names; an SVID has exactly one");
        }
        byte[] uri = uris.getFirst();
        for (byte octet : uri) {
            if (octet <= ' ' || octet == 0x7f) {
                throw bad("the URI name of the leaf holds octets that no URI holds");
            }
        }
        try {
            return SpiffeId.parse(new String(uri, StandardCharsets.US_ASCII));
        } catch (InvalidNameException e) {
            throw bad("the URI name of the leaf is no SPIFFE ID: " + e.getMessage());
        }
    }

    private static void checkKeyUsage(X509Certificate leaf) {
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null || !leaf.getCriticalExtensionOIDs().contains(Certificates.KEY_USAGE)) {
            throw bad("the leaf has no critical key usage");
        }
        if (!usage[Certificates.KEY_USAGE_DIGITAL_SIGNATURE]) {
            throw bad("the leaf's key usage lacks digitalSignature");
        }
        if (usage[Certificates.KEY_USAGE_CERT_SIGN] || usage[Certificates.KEY_USAGE_CRL_SIGN]) {
            throw bad("the leaf's key usage has keyCertSign or cRLSign");
        }
    }

    private static void checkPurpose(X509Certificate leaf, PeerRole role) {
        List<String> purposes;
        try {
            purposes = leaf.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            throw bad("the leaf's extended key usage is malformed");
        }
        if (purposes != null && !purposes.contains(role.purposeId())) {
            throw bad("the leaf's extended key usage lacks " + role.purpose());
        }
    }

    private static InvalidSvidException bad(String message) {
        return new InvalidSvidException(Kind.BAD_CERTIFICATE, message);
    }
}
