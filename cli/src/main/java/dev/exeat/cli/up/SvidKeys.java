package dev.exeat.cli.up;

import dev.exeat.flow.audit.SigningKey;
import dev.exeat.identity.Svid;
import dev.exeat.identity.SvidSource;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/** The key of the gateway's own SVID, as soon as there is one. Thread-safe. */
final class SvidKeys implements SigningKey.Source {
    private volatile @Nullable SvidSource source;
    private volatile @Nullable Known known;

    private record Known(Svid svid, SigningKey key) {}

    /** The logs are opened before the gateway has an identity. */
    void from(SvidSource source) {
        this.source = source;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The same SVID is the same object; to read it again only costs time.
    public SigningKey current() throws GeneralSecurityException {
        SvidSource from = source;
        if (from == null) {
            throw new GeneralSecurityException("the gateway has no SVID yet");
        }
        Svid svid = from.svid();
        Known last = known;
        if (last == null || last.svid() != svid) {
            last = new Known(svid, read(svid));
            known = last;
        }
        return last.key();
    }

    private static SigningKey read(Svid svid) throws GeneralSecurityException {
        String algorithm = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(svid.chainDer().getFirst()))
                .getPublicKey()
                .getAlgorithm();
        return new SigningKey(
                KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(svid.pkcs8Key())),
                svid.chainDer());
    }
}
