package dev.exeat.cli.audit;

import dev.exeat.flow.audit.AuditVerifier;
import dev.exeat.flow.audit.CheckpointSignatures;
import dev.exeat.identity.InvalidSvidException;
import dev.exeat.identity.PeerRole;
import dev.exeat.identity.Revocations;
import dev.exeat.identity.SvidValidator;
import dev.exeat.identity.TrustBundle;
import dev.exeat.model.SpiffeId;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Takes signatures of gateways whose SVIDs were valid when they signed, and remembers whose they are. */
final class SealSigners implements AuditVerifier.SignatureCheck {
    private final @Nullable SpiffeId only;
    private final SvidValidator validator;
    private final SortedSet<String> signers = new TreeSet<>();
    private Instant at = Instant.EPOCH;

    /** @param only who may have signed; null for every identity that the bundle vouches for */
    SealSigners(TrustBundle bundle, @Nullable SpiffeId only) {
        this.only = only;
        this.validator = new SvidValidator(() -> bundle, () -> Revocations.NONE, () -> at);
    }

    @Override
    public String problem(List<byte[]> chainDer, Instant signed, byte[] text, byte[] signature) {
        if (chainDer.isEmpty()) {
            return "there is no certificate";
        }
        at = signed;
        try {
            SpiffeId signer = validator.validate(chainDer, PeerRole.SERVER);
            var key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(chainDer.getFirst()))
                    .getPublicKey();
            if (!CheckpointSignatures.verify(key, text, signature)) {
                return "it is not of the key of " + signer;
            }
            if (only != null && !only.equals(signer)) {
                return "it is of " + signer;
            }
            signers.add(signer.toString());
            return "";
        } catch (InvalidSvidException e) {
            return String.valueOf(e.getMessage());
        } catch (GeneralSecurityException e) {
            return "the key or signature cannot be used: " + e.getMessage();
        }
    }

    /** Whose signatures held. */
    SortedSet<String> signers() {
        return signers;
    }
}
