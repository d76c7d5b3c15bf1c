package dev.exeat.net;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Puts a {@link PeerVerifier} in the place of the platform's own judgement, and notes that it was asked. */
final class JudgedTrust extends X509ExtendedTrustManager {
    private final PeerVerifier verifier;
    private final Map<SSLEngine, JsseSession> sessions;

    JudgedTrust(PeerVerifier verifier, Map<SSLEngine, JsseSession> sessions) {
        this.verifier = verifier;
        this.sessions = sessions;
    }

    private void judge(X509Certificate[] chain, @Nullable SSLEngine engine) throws CertificateException {
        List<byte[]> ders = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            ders.add(certificate.getEncoded());
        }
        PeerVerdict verdict = verifier.verify(ders);
        JsseSession session = engine == null ? null : sessions.get(engine);
        if (session == null) {
            throw new CertificateException("no session asks for this judgement");
        }
        session.judged(verdict);
        if (verdict != PeerVerdict.OK) {
            throw new CertificateException(
                    "the certificate was refused: " + verdict,
                    new CertPathValidatorException(verdict.name(), null, null, -1, reason(verdict)));
        }
    }

    /** The platform picks a client's alert by this reason. */
    private static CertPathValidatorException.Reason reason(PeerVerdict verdict) {
        return switch (verdict) {
            case OK, BAD_CERTIFICATE -> BasicReason.INVALID_SIGNATURE;
            case UNKNOWN_CA -> PKIXReason.NO_TRUST_ANCHOR;
            case EXPIRED -> BasicReason.EXPIRED;
            case REVOKED -> BasicReason.REVOKED;
            case UNSUPPORTED -> BasicReason.ALGORITHM_CONSTRAINED;
        };
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        judge(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        judge(chain, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge(chain, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        judge(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        judge(chain, null);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
