package dev.exeat.cli.audit;

import dev.exeat.flow.audit.AuditVerifier;
import dev.exeat.flow.audit.AuditVerifier.Doubt;
import dev.exeat.flow.audit.AuditVerifier.Kind;
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
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes signatures of identities whose SVIDs were valid when they signed, and remembers whose they are. Of one identity, unless
 * it is told who may sign: an SVID does not say whether it is a gateway's.
 */
final class SealSigners implements AuditVerifier.SignatureCheck {
    private final Set<SpiffeId> allowed;
    private final SvidValidator validator;
    private final SortedSet<String> signers = new TreeSet<>();
    private Instant at = Instant.EPOCH;

    /** @param allowed who may have signed; empty for any one identity that the bundle vouches for */
    SealSigners(TrustBundle bundle, Collection<SpiffeId> allowed) {
        this.allowed = Set.copyOf(allowed);
        this.validator = new SvidValidator(() -> bundle, () -> Revocations.NONE, () -> at);
    }

    @Override
    public @Nullable Doubt doubt(List<byte[]> chainDer, Instant signed, byte[] text, byte[] signature) {
        if (chainDer.isEmpty()) {
            return forged("there is no certificate");
        }
        at = signed;
        try {
            SpiffeId signer = validator.validate(chainDer, PeerRole.SERVER);
            var key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(chainDer.getFirst()))
                    .getPublicKey();
            if (!CheckpointSignatures.verify(key, text, signature)) {
                return forged("it is not of the key of " + signer);
            }
            if (!allowed.isEmpty() && !allowed.contains(signer)) {
                return forged("it is of " + signer);
            }
            signers.add(signer.toString());
            return allowed.isEmpty() && !signers.first().equals(signers.last())
                    ? new Doubt(
                            Kind.UNKNOWN,
                            "several signed: " + String.join(", ", signers) + "; say with --signer who may")
                    : null;
        } catch (InvalidSvidException e) {
            return switch (e.kind()) {
                case UNKNOWN_CA, EXPIRED ->
                    new Doubt(
                            Kind.UNKNOWN,
                            "the bundle does not vouch for who signed: " + e.getMessage()
                                    + "; it lacks the root of that time, or somebody else signed");
                case REVOKED, BAD_CERTIFICATE -> forged(String.valueOf(e.getMessage()));
            };
        } catch (GeneralSecurityException e) {
            return forged("the key or signature cannot be used: " + e.getMessage());
        }
    }

    private static Doubt forged(String why) {
        return new Doubt(Kind.ALTERED, "the signature does not hold: " + why);
    }

    /** Whose signatures held. */
    SortedSet<String> signers() {
        return signers;
    }
}
