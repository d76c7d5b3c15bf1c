package dev.exeat.identity;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;

/** A P-256 key pair that lives in a file of its own, PKCS#8 in PEM, mode 0600. */
final class KeyFile {
    private static final String CURVE = "secp256r1";

    private KeyFile() {}

    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes P-256 keys", e);
        }
    }

    /**
     * The key pair of the file, which is made if it is not there; processes that race get the same one.
     *
     * @throws IdentityStoreException if the file is open to others or holds no P-256 key
     */
    static KeyPair openOrCreate(Path file) {
        if (!Files.exists(file)) {
            byte[] pem = Pem.encode(Pem.PRIVATE_KEY, newKeyPair().getPrivate().getEncoded())
                    .getBytes(StandardCharsets.US_ASCII);
            SecretFiles.createIfAbsent(file, pem, SecretFiles.OWNER_ONLY);
        }
        return read(file);
    }

    private static KeyPair read(Path file) {
        String pem = new String(SecretFiles.readSecret(file), StandardCharsets.ISO_8859_1);
        try {
            List<byte[]> keys = Pem.decode(Pem.PRIVATE_KEY, pem);
            if (keys.size() == 1) {
                PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
                if (key instanceof ECPrivateKey ec && isP256(ec.getParams())) {
                    return new KeyPair(publicKey(ec), ec);
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Falls through without the cause, whose text might show octets of the key.
        }
        throw new IdentityStoreException(file + " holds no P-256 private key (one PRIVATE KEY block, PKCS#8 in PEM);"
                + " restore it from a copy");
    }

    private static boolean isP256(ECParameterSpec parameters) {
        return parameters.getCurve().getField().getFieldSize() == 256
                && parameters
                        .getOrder()
                        .equals(ECNamedCurveTable.getByName(CURVE).getN());
    }

    /** PKCS#8 as the JDK writes it has no public key, and the JDK has no operation to compute it. */
    private static PublicKey publicKey(ECPrivateKey key) throws GeneralSecurityException {
        org.bouncycastle.math.ec.ECPoint point =
                ECNamedCurveTable.getByName(CURVE).getG().multiply(key.getS()).normalize();
        BigInteger x = point.getAffineXCoord().toBigInteger();
        BigInteger y = point.getAffineYCoord().toBigInteger();
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), key.getParams()));
    }
}
