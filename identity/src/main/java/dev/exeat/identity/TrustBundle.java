package dev.exeat.identity;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/**
 * The root certificates of each trust domain (SPIFFE Trust Domain and Bundle, section 3). A root vouches for IDs of
 * its own domain only. Immutable; two bundles with the same certificates are equal.
 */
public final class TrustBundle {
    /** Trusts nobody. */
    public static final TrustBundle EMPTY = new TrustBundle(Map.of());

    private static final int MAX_ROOTS = 64;

    private final Map<String, List<X509Certificate>> roots;

    private TrustBundle(Map<String, List<X509Certificate>> roots) {
        this.roots = roots;
    }

    /**
     * The bundle of one trust domain from all CERTIFICATE blocks of the text, several while a root is replaced.
     *
     * @throws InvalidBundleException if there is none, a certificate is no authority's, or its own signature is wrong
     * @throws InvalidNameException if the trust domain is no name of one
     */
    public static TrustBundle fromPem(String trustDomain, String pem) {
        SpiffeId.checkTrustDomain(trustDomain);
        List<byte[]> ders;
        try {
            ders = Pem.decode(Pem.CERTIFICATE, pem);
        } catch (IllegalArgumentException e) {
            throw new InvalidBundleException("the bundle of " + trustDomain + ": " + e.getMessage());
        }
        if (ders.isEmpty() || ders.size() > MAX_ROOTS) {
            throw new InvalidBundleException("the bundle of " + trustDomain + " holds " + ders.size()
                    + " certificates; it must hold 1 to " + MAX_ROOTS);
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : ders) {
            X509Certificate root = parse(trustDomain, der);
            if (!certificates.contains(root)) {
                certificates.add(root);
            }
        }
        certificates.forEach(root -> checkSignature(trustDomain, root, certificates));
        return new TrustBundle(Map.of(trustDomain, List.copyOf(certificates)));
    }

    /**
     * A trust anchor is believed for its standing in the bundle, so its signature says only whether it came as it was
     * made: an octet that changed on the way would be a root that nobody made. A root signed by another authority
     * cannot be checked without that one and is left as it is, as X509-SVID section 6.1 has self-signed ones by SHOULD.
     */
    private static void checkSignature(String trustDomain, X509Certificate root, List<X509Certificate> all) {
        if (!root.getSubjectX500Principal().equals(root.getIssuerX500Principal()) && !namesOwnKeyAsIssuers(root)) {
            return;
        }
        boolean intact = isSignedBy(root, root)
                // RFC 5280 section 3.2: self-issued with the key before or after, while an authority changes keys.
                || all.stream()
                        .filter(other -> other.getSubjectX500Principal().equals(root.getIssuerX500Principal()))
                        .anyMatch(other -> isSignedBy(root, other));
        if (!intact) {
            throw new InvalidBundleException("the bundle of " + trustDomain
                    + " holds a root whose own signature does not verify: it was changed after it was signed ("
                    + root.getSubjectX500Principal() + ")");
        }
    }

    /** Names that are no longer the same do not hide a root that was its own issuer and says so by its key. */
    private static boolean namesOwnKeyAsIssuers(X509Certificate root) {
        try {
            Extensions extensions = new JcaX509CertificateHolder(root).getExtensions();
            AuthorityKeyIdentifier issuer = AuthorityKeyIdentifier.fromExtensions(extensions);
            SubjectKeyIdentifier own = SubjectKeyIdentifier.fromExtensions(extensions);
            return issuer != null
                    && own != null
                    && Arrays.equals(issuer.getKeyIdentifierOctets(), own.getKeyIdentifier());
        } catch (CertificateEncodingException | RuntimeException e) {
            return false;
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            // A parser's or a provider's fault with hostile octets is no proof either.
            return false;
        }
    }

    /**
     * As {@link #fromPem}, for a trust domain that somebody else runs: a root that names another domain in its own SPIFFE
     * ID is refused.
     *
     * @throws InvalidBundleException if there is no certificate, or one is no authority's of this trust domain
     */
    public static TrustBundle federated(String trustDomain, String pem) {
        TrustBundle bundle = fromPem(trustDomain, pem);
        for (X509Certificate root : bundle.roots(trustDomain)) {
            if (!mayVouchFor(root, trustDomain)) {
                throw new InvalidBundleException(
                        "the bundle of " + trustDomain + " holds a root that names another trust domain");
            }
        }
        return bundle;
    }

    /** Whether the root names this trust domain, or none at all. */
    static boolean mayVouchFor(X509Certificate root, String trustDomain) {
        byte[] own = (SpiffeId.SCHEME + trustDomain).getBytes(StandardCharsets.US_ASCII);
        return SubjectAltNames.uris(root).stream().allMatch(uri -> Arrays.equals(uri, own));
    }

    private static X509Certificate parse(String trustDomain, byte[] der) {
        X509Certificate certificate;
        try {
            certificate = Certificates.parse(der);
        } catch (CertificateException e) {
            throw new InvalidBundleException("the bundle of " + trustDomain + " holds a malformed certificate");
        }
        if (certificate.getBasicConstraints() < 0) {
            throw new InvalidBundleException(
                    "the bundle of " + trustDomain + " holds a certificate that is no authority's (cA is false)");
        }
        return certificate;
    }

    /** This bundle with the other's trust domains; where both have one, the other's roots take the place of ours. */
    public TrustBundle with(TrustBundle other) {
        Map<String, List<X509Certificate>> all = new TreeMap<>(roots);
        all.putAll(other.roots);
        return new TrustBundle(Map.copyOf(all));
    }

    /** The roots of a trust domain; empty if it is not trusted. */
    public List<X509Certificate> roots(String trustDomain) {
        return roots.getOrDefault(trustDomain, List.of());
    }

    /** Whether any root of this bundle has the key of one of the other's. */
    boolean sharesKeyWith(TrustBundle other) {
        Set<PublicKey> keys = roots.values().stream()
                .flatMap(List::stream)
                .map(X509Certificate::getPublicKey)
                .collect(Collectors.toSet());
        return other.roots.values().stream().flatMap(List::stream).anyMatch(root -> keys.contains(root.getPublicKey()));
    }

    public Set<String> trustDomains() {
        return roots.keySet();
    }

    /** The roots of a trust domain as PEM; empty if it is not trusted. */
    public String toPem(String trustDomain) {
        return Pem.encodeAll(Pem.CERTIFICATE, Certificates.encoded(roots(trustDomain)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustBundle that && roots.equals(that.roots);
    }

    @Override
    public int hashCode() {
        return roots.hashCode();
    }

    @Override
    public String toString() {
        return "TrustBundle" + trustDomains();
    }
}
