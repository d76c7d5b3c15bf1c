package dev.exeat.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;

/** Tells whether a private key is the one of a certificate. Thread-safe. */
public interface KeyMatch {
    /** By a signature with the Java platform alone, which takes a cold process a tenth of a second. */
    KeyMatch BY_SIGNATURE = KeyMatch::signs;

    /** @param pkcs8 the key, PKCS#8 in DER; what is no key belongs to no certificate */
    boolean belongTogether(X509Certificate certificate, byte[] pkcs8);

    private static boolean signs(X509Certificate certificate, byte[] pkcs8) {
        PublicKey publicKey = certificate.getPublicKey();
        try {
            PrivateKey key =
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            byte[] probe = "exeat".getBytes(StandardCharsets.US_ASCII);
            Signature signature = Signature.getInstance(algorithm(publicKey));
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String algorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
    }
}
