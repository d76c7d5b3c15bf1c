package dev.exeat.cli.up;

import dev.exeat.flow.audit.SigningKey;
import dev.exeat.identity.Svid;
import dev.exeat.identity.SvidSource;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key of the gateway's own SVID, while there is one that is valid. Thread-safe. */
final class SvidKeys implements SigningKey.Source {
    private final InstantSource clock;
    private volatile @Nullable SvidSource source;
    private volatile @Nullable Known known;

    private record Known(Svid svid, List<X509Certificate> chain, SigningKey key) {}

    SvidKeys(InstantSource clock) {
        this.clock = clock;
    }

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
            last = read(svid);
            known = last;
        }
        // Nobody could tell later that it was the gateway that signed.
        Date now = Date.from(clock.instant());
        for (X509Certificate certificate : last.chain()) {
            certificate.checkValidity(now);
        }
        return last.key();
    }

    private static Known read(Svid svid) throws GeneralSecurityException {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>();
        for (byte[] der : svid.chainDer()) {
            chain.add((X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(der)));
        }
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        return new Known(
                svid,
                List.copyOf(chain),
                new SigningKey(
                        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(svid.pkcs8Key())),
                        svid.chainDer()));
    }
}
