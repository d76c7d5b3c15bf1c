package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/**
 * A certificate that the authority signed and has written into its ledger.
 *
 * @param chainDer the leaf, then intermediates
 */
public record IssuedSvid(SpiffeId id, List<byte[]> chainDer, BigInteger serial, Instant notBefore, Instant notAfter) {
    public IssuedSvid {
        chainDer = List.copyOf(chainDer);
    }

    /** The chain as PEM, the leaf first. */
    public String chainPem() {
        return Pem.encodeAll(Pem.CERTIFICATE, chainDer);
    }

    @Override
    public String toString() {
        return "IssuedSvid[" + id + ", serial " + serial.toString(16) + ", until " + notAfter + "]";
    }
}
