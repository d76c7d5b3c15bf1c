package dev.exeat.proxy;

import dev.exeat.identity.InvalidSvidException;
import dev.exeat.identity.PeerRole;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.SpiffeId;
import dev.exeat.net.PeerVerdict;
import dev.exeat.net.PeerVerifier;
import java.util.List;

/** Trusts one gateway's identity alone: any other workload's SVID, however valid, is not a gateway. Thread-safe. */
public final class GatewayVerifier implements PeerVerifier {
    private final SvidValidator validator;
    private final SpiffeId gateway;

    public GatewayVerifier(SvidValidator validator, SpiffeId gateway) {
        this.validator = validator;
        this.gateway = gateway;
    }

    @Override
    public PeerVerdict verify(List<byte[]> chainDer) {
        try {
            boolean expected = validator.validate(chainDer, PeerRole.SERVER).equals(gateway);
            return expected ? PeerVerdict.OK : PeerVerdict.BAD_CERTIFICATE;
        } catch (InvalidSvidException e) {
            return OuterTls.verdict(e);
        }
    }
}
