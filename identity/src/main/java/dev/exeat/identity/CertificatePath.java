package dev.exeat.identity;

import dev.exeat.identity.InvalidSvidException.Kind;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Verifies a path to one of a trust domain's roots with the JDK's PKIX (RFC 5280 section 6). */
final class CertificatePath {
    private CertificatePath() {}

    static InvalidSvidException notValidNow() {
        return new InvalidSvidException(
                Kind.EXPIRED, "a certificate of the chain is not valid now: it expired, or a clock is wrong");
    }

    /**
     * The first certificates of the chain that lead to a root; what a peer sends beyond them (the root itself, say) is
     * left aside.
     *
     * @param roots not empty
     * @throws InvalidSvidException if no part of the chain leads to a root
     */
    static List<X509Certificate> verify(
            List<X509Certificate> chain, String trustDomain, List<X509Certificate> roots, Instant now) {
        // PKIX takes a trust anchor as given, expired or not.
        List<X509Certificate> valid =
                roots.stream().filter(r -> isValid(r, now)).toList();
        if (valid.isEmpty()) {
            throw unknown(trustDomain);
        }
        PKIXParameters parameters = parameters(valid, now);
        for (int length = 1; length <= chain.size(); length++) {
            List<X509Certificate> path = chain.subList(0, length);
            if (issuedByAny(path.getLast(), valid)) {
                checkIssuers(path);
                try {
                    CertPathValidator.getInstance("PKIX")
                            .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
                    return List.copyOf(path);
                } catch (CertPathValidatorException e) {
                    if (e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID) {
                        throw notValidNow();
                    }
                    if (length == chain.size()) {
                        throw unknown(trustDomain);
                    }
                } catch (GeneralSecurityException | RuntimeException e) {
                    // Hostile octets must end in a refusal, whatever a parser makes of them.
                    throw new InvalidSvidException(Kind.BAD_CERTIFICATE, "the chain is malformed");
                }
            }
        }
        throw unknown(trustDomain);
    }

    private static boolean isValid(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private static boolean issuedByAny(X509Certificate certificate, List<X509Certificate> roots) {
        return roots.stream().anyMatch(r -> r.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()));
    }

    /** PKIX lets an authority without key usage pass, and knows no minimum for keys and hashes. */
    private static void checkIssuers(List<X509Certificate> path) {
        for (X509Certificate issuer : path.subList(1, path.size())) {
            if (!Certificates.maySignCertificates(issuer)) {
                throw new InvalidSvidException(
                        Kind.BAD_CERTIFICATE, "a certificate of the chain was issued by one that is no authority's");
            }
            KeyStrength.check(issuer);
        }
    }

    private static PKIXParameters parameters(List<X509Certificate> roots, Instant now) {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate root : roots) {
            anchors.add(new TrustAnchor(root, null));
        }
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            return parameters;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the trust bundle has roots", e);
        }
    }

    private static InvalidSvidException unknown(String trustDomain) {
        return new InvalidSvidException(
                Kind.UNKNOWN_CA, "no root of the trust domain " + trustDomain + " vouches for the chain");
    }
}
