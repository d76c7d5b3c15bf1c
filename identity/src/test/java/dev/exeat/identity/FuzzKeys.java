package dev.exeat.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;

/** Certificates and keys that are always the same, so that an input found once is found again; they protect nothing. */
final class FuzzKeys {
    private FuzzKeys() {}

    static String pem(String name) {
        try (InputStream in = FuzzKeys.class.getResourceAsStream("/fuzz-keys/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] certificate(String name) {
        return Pem.decode(Pem.CERTIFICATE, pem(name + ".crt")).getFirst();
    }

    static PrivateKey key(String name) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(
                            Pem.decode(Pem.PRIVATE_KEY, pem(name + ".key")).getFirst()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
