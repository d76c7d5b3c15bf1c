package dev.exeat.identity;

import java.time.InstantSource;
import java.util.function.Predicate;

/** The rules behind {@code POST /v1/svid}. */
public final class SvidService {

    /** @param gatewayNames what a certificate for {@link ServiceAccountRef#GATEWAY} carries beside its ID */
    public SvidService(
            Authority authority,
            TokenAuthority tokens,
            Predicate<ServiceAccountRef> known,
            SanNames gatewayNames,
            InstantSource clock) {
        Unbuilt.value();
    }

    /** @throws SvidRefusedException with the reason */
    public IssuedSvid sign(String bearerToken, byte[] csrDer) {
        return Unbuilt.value();
    }

    /** As {@link #sign(String, byte[])}, for a request in PEM. */
    public IssuedSvid sign(String bearerToken, String csrPem) {
        return Unbuilt.value();
    }
}
