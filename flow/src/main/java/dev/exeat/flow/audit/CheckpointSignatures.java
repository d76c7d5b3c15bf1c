package dev.exeat.flow.audit;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** By which algorithm a key signs checkpoints: the key decides, so that a checkpoint can name no weaker one. */
public final class CheckpointSignatures {
    private CheckpointSignatures() {}

    private static Signature of(Key key) throws NoSuchAlgorithmException {
        return Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
                    default ->
                        throw new NoSuchAlgorithmException("keys of " + key.getAlgorithm() + " sign no checkpoints");
                });
    }

    public static byte[] sign(PrivateKey key, byte[] text) throws GeneralSecurityException {
        Signature signature = of(key);
        signature.initSign(key);
        signature.update(text);
        return signature.sign();
    }

    public static boolean verify(PublicKey key, byte[] text, byte[] signed) throws GeneralSecurityException {
        Signature signature = of(key);
        signature.initVerify(key);
        signature.update(text);
        return signature.verify(signed);
    }
}
