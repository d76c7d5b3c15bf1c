package dev.exeat.net;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * The Java platform's TLS. A resumed peer is judged again, as with the other library. What may be resumed is known to
 * the platform's context, and nothing turns that off; where no session is to be resumed, each has a context of its own.
 */
final class JsseEngine implements TlsEngine {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final String[] SUITES = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    };

    private static final long TICKET_SECONDS = 3600;

    private final boolean server;
    private final Supplier<SSLContext> context;
    private final TlsOptions options;
    private final Map<SSLEngine, JsseSession> sessions;

    private JsseEngine(
            boolean server, Supplier<SSLContext> context, TlsOptions options, Map<SSLEngine, JsseSession> sessions) {
        this.server = server;
        this.context = context;
        this.options = options;
        this.sessions = sessions;
    }

    static JsseEngine create(boolean server, TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (byte[] der : identity.chainDer()) {
                chain.add(certificate(der));
            }
            PrivateKey key = key(chain.getFirst(), identity.pkcs8Key());
            Map<SSLEngine, JsseSession> sessions = new ConcurrentHashMap<>();
            KeyManager own = new OneIdentity(chain.toArray(new X509Certificate[0]), key);
            TrustManager judge = new JudgedTrust(verifier, sessions);
            if (!options.tickets()) {
                return new JsseEngine(server, () -> context(own, judge, 1), options, sessions);
            }
            SSLContext shared = context(own, judge, ticketSeconds(identity));
            return new JsseEngine(server, () -> shared, options, sessions);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the certificates and key do not make a TLS identity: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(KeyManager own, TrustManager judge, int ticketSeconds) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {own}, new TrustManager[] {judge}, new SecureRandom());
            context.getServerSessionContext().setSessionTimeout(ticketSeconds);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** It has one time for all, so only the judgement of a resumed peer knows when the peer's certificate ends. */
    private static int ticketSeconds(TlsIdentity identity) {
        long left = Validity.end(identity.chainDer().getFirst()) - System.currentTimeMillis() / 1000;
        return (int) Math.clamp(left, 1, TICKET_SECONDS);
    }

    private static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static PrivateKey key(X509Certificate leaf, byte[] pkcs8) throws GeneralSecurityException {
        String algorithm = leaf.getPublicKey().getAlgorithm();
        PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        Signature probe = Signature.getInstance(
                switch (algorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> algorithm;
                });
        probe.initSign(key);
        byte[] signature = probe.sign();
        probe.initVerify(leaf.getPublicKey());
        if (!probe.verify(signature)) {
            throw new GeneralSecurityException("the private key does not fit the certificate");
        }
        return key;
    }

    @Override
    public TlsSession session(String serverName, TlsSession.OutputRoom room) {
        SSLEngine engine = context.get().createSSLEngine();
        List<String> alpn = options.alpn();
        engine.setUseClientMode(!server);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(SUITES);
        parameters.setNeedClientAuth(server);
        if (!server) {
            parameters.setApplicationProtocols(alpn.toArray(new String[0]));
            if (!serverName.isEmpty()) {
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
            }
        }
        engine.setSSLParameters(parameters);
        if (server) {
            engine.setHandshakeApplicationProtocolSelector((e, offered) ->
                    alpn.stream().filter(offered::contains).findFirst().orElse(""));
        }
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw new IllegalStateException("a TLS session could not be made: " + e.getMessage(), e);
        }
        JsseSession session = new JsseSession(engine, server, () -> sessions.remove(engine));
        sessions.put(engine, session);
        return session;
    }

    @Override
    public void free() {
        sessions.clear();
    }
}
