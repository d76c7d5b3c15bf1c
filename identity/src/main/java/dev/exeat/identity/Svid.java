package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import java.time.Instant;
import java.util.List;

/**
 * An X.509-SVID with its private key. Its text form never shows the key. The arrays are shared, not copied: nobody
 * may change them.
 *
 * @param chainDer the leaf, then intermediates
 * @param pkcs8Key the leaf's private key, PKCS#8 in DER
 */
public record Svid(SpiffeId id, List<byte[]> chainDer, byte[] pkcs8Key, Instant notBefore, Instant notAfter) {
    public Svid {
        chainDer = List.copyOf(chainDer);
        if (chainDer.isEmpty()) {
            throw new IllegalArgumentException("an SVID has a certificate");
        }
    }

    @Override
    public String toString() {
        return "Svid[" + id + ", until " + notAfter + "]";
    }
}
