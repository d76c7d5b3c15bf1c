package dev.exeat.identity;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
     * @throws InvalidBundleException if there is none or a certificate is no authority's
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
        return new TrustBundle(Map.of(trustDomain, List.copyOf(certificates)));
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
