package dev.exeat.net;

import io.netty.internal.tcnative.CertificateVerifier;

/** What a peer's certificates are worth; each refusal has the alert that fits it (RFC 8446 section 6.2). */
public enum PeerVerdict {
    OK(CertificateVerifier.X509_V_OK),
    /** unknown_ca */
    UNKNOWN_CA(CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
    /** certificate_expired */
    EXPIRED(CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED),
    /** certificate_revoked */
    REVOKED(CertificateVerifier.X509_V_ERR_CERT_REVOKED),
    /** bad_certificate */
    BAD_CERTIFICATE(CertificateVerifier.X509_V_ERR_CERT_REJECTED),
    /** unsupported_certificate */
    UNSUPPORTED(CertificateVerifier.X509_V_ERR_INVALID_PURPOSE);

    private final int code;

    PeerVerdict(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
