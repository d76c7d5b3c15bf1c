package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts an API server by its SPIFFE ID: given roots must vouch for the certificate, and it must be the gateway
 * account's. The host name says nothing then, so the server may be reached by any address.
 */
final class ServerTrust extends X509ExtendedTrustManager {
    private final String rootsPem;
    private final InstantSource clock;

    /** @throws InvalidBundleException if the text holds no roots */
    ServerTrust(String rootsPem, InstantSource clock) {
        // Which trust domain they are of is known only with the server's ID; that they are roots is known now.
        TrustBundle.fromPem("unknown", rootsPem);
        this.rootsPem = rootsPem;
        this.clock = clock;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        try {
            SpiffeId id = LeafRules.spiffeId(chain[0]);
            TrustBundle bundle = ofDomain(TrustBundle.fromPem(id.trustDomain(), rootsPem), id.trustDomain());
            new SvidValidator(() -> bundle, () -> Revocations.NONE, clock)
                    .validate(Certificates.encoded(Arrays.asList(chain)), PeerRole.SERVER);
            if (!id.equals(ServiceAccountRef.GATEWAY.spiffeId(id.trustDomain()))) {
                throw new CertificateException("the server is " + id + ", which is no Exeat API");
            }
        } catch (InvalidSvidException e) {
            throw new CertificateException(
                    "the server's certificate is no SVID that the given roots vouch for: " + e.getMessage(), e);
        }
    }

    /** Without roots that name another trust domain in their own SPIFFE ID. */
    private static TrustBundle ofDomain(TrustBundle bundle, String trustDomain) {
        List<byte[]> fitting = bundle.roots(trustDomain).stream()
                .filter(root -> TrustBundle.mayVouchFor(root, trustDomain))
                .map(Certificates::encoded)
                .toList();
        return fitting.isEmpty()
                ? TrustBundle.EMPTY
                : TrustBundle.fromPem(trustDomain, Pem.encodeAll(Pem.CERTIFICATE, fitting));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notAServer();
    }

    private static CertificateException notAServer() {
        return new CertificateException("this process is no server of the API");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
