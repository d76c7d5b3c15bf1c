package dev.exeat.identity;

import dev.exeat.identity.InvalidSvidException.Kind;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;

/** Which keys and signatures a certificate may have: none that is broken, and none that is costly to check. */
final class KeyStrength {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final Set<Integer> CURVE_BITS = Set.of(256, 384, 521);

    /** ECDSA and RSA PKCS#1 with SHA-256, -384 and -512 (RFC 5758, RFC 4055), Ed25519 (RFC 8410). */
    private static final Set<String> SIGNATURES = Set.of(
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            "1.3.101.112");

    private KeyStrength() {}

    /** @throws InvalidSvidException if the certificate's own key, or the signature on it, is not allowed */
    static void check(X509Certificate certificate) {
        if (!SIGNATURES.contains(certificate.getSigAlgOID())) {
            throw new InvalidSvidException(
                    Kind.BAD_CERTIFICATE,
                    "a certificate of the chain is signed with an algorithm other than ECDSA, RSA (PKCS#1) with"
                            + " SHA-256 or longer, and Ed25519");
        }
        if (!isStrong(certificate.getPublicKey())) {
            throw new InvalidSvidException(
                    Kind.BAD_CERTIFICATE,
                    "a certificate of the chain has a key other than P-256, P-384, P-521, Ed25519 and RSA of "
                            + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " bits");
        }
    }

    private static boolean isStrong(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa ->
                rsa.getModulus().bitLength() >= MIN_RSA_BITS && rsa.getModulus().bitLength() <= MAX_RSA_BITS;
            // The JDK knows no other named curves of these sizes, and refuses explicit parameters.
            case ECPublicKey ec ->
                CURVE_BITS.contains(ec.getParams().getCurve().getField().getFieldSize());
            case EdECPublicKey ed -> ed.getParams().getName().equals("Ed25519");
            default -> false;
        };
    }
}
