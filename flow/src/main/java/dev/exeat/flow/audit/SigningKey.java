package dev.exeat.flow.audit;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.List;

/**
 * What a gateway signs checkpoints with.
 *
 * @param chainDer certificates of the key, the leaf first
 */
public record SigningKey(PrivateKey key, List<byte[]> chainDer) {
    public SigningKey {
        chainDer = List.copyOf(chainDer);
    }

    /** Where the key comes from, which is renewed from time to time. Called by one thread. */
    @FunctionalInterface
    public interface Source {
        /** @throws GeneralSecurityException if there is none */
        SigningKey current() throws GeneralSecurityException;
    }
}
