package dev.exeat.net;

import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The settings that TLS streams are made with: an own identity, a judge of peers, and what is offered. TLS 1.3, and
 * TLS 1.2 with forward secrecy and AEAD suites alone; both sides prove themselves; no renegotiation, and no session
 * resumption, so that every connection is judged by the bundle and the revocations of its own time. Streams keep the
 * context that they began with: one that was closed is freed with its last stream. Safe for any thread.
 */
public final class TlsContext implements AutoCloseable {
    private static final String TLS12_SUITES = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
            + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
    private static final int DEPTH = 10;

    private final boolean server;
    private final long context;
    private final long chain;
    private final long key;
    private int users = 1;
    private boolean closed;

    private TlsContext(boolean server, TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        BoringSsl.require();
        this.server = server;
        try {
            this.context = SSLContext.make(
                    SSL.SSL_PROTOCOL_TLSV1_2 | SSL.SSL_PROTOCOL_TLSV1_3,
                    server ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
            this.chain = withPem("CERTIFICATE", identity.chainDer(), SSL::parseX509Chain);
            this.key = withPem("PRIVATE KEY", List.of(identity.pkcs8Key()), bio -> SSL.parsePrivateKey(bio, null));
            configure(verifier, options);
        } catch (Exception e) {
            throw new IllegalArgumentException(
                    "the certificates and key do not make a TLS identity: " + e.getMessage(), e);
        }
    }

    /** For the side that accepts. */
    public static TlsContext server(TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        return new TlsContext(true, identity, verifier, options);
    }

    /** For the side that dials. */
    public static TlsContext client(TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        return new TlsContext(false, identity, verifier, options);
    }

    private void configure(PeerVerifier verifier, TlsOptions options) throws Exception {
        SSLContext.setVerify(context, SSL.SSL_CVERIFY_REQUIRED, DEPTH);
        SSLContext.setUseTasks(context, false);
        SSLContext.setMode(
                context,
                SSL.SSL_MODE_RELEASE_BUFFERS
                        | SSL.SSL_MODE_ENABLE_PARTIAL_WRITE
                        | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSLContext.setOptions(context, SSL.SSL_OP_NO_TICKET);
        SSLContext.setSessionCacheMode(context, SSL.SSL_SESS_CACHE_OFF);
        SSLContext.setCipherSuite(context, TLS12_SUITES, false);
        if (!options.alpn().isEmpty()) {
            SSLContext.setAlpnProtos(
                    context, options.alpn().toArray(new String[0]), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
        }
        SSLContext.setCertVerifyCallback(context, new CertificateVerifier() {
            @Override
            public int verify(long ssl, byte[][] certificates, String authentication) {
                try {
                    return verifier.verify(List.of(certificates)).code();
                } catch (RuntimeException e) {
                    return PeerVerdict.BAD_CERTIFICATE.code();
                }
            }
        });
    }

    private interface FromBio {
        long parse(long bio) throws Exception;
    }

    /** BoringSSL takes certificates and keys as PEM out of a BIO of its own. */
    private static long withPem(String type, List<byte[]> ders, FromBio parser) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (byte[] der : ders) {
            pem.append("-----BEGIN ").append(type).append("-----\n");
            pem.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
            pem.append("\n-----END ").append(type).append("-----\n");
        }
        byte[] bytes = pem.toString().getBytes(StandardCharsets.US_ASCII);
        long bio = SSL.newMemBIO();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(bytes.length);
            copy.copyFrom(MemorySegment.ofArray(bytes));
            SSL.bioWrite(bio, copy.address(), bytes.length);
            copy.fill((byte) 0);
            return parser.parse(bio);
        } finally {
            SSL.freeBIO(bio);
        }
    }

    boolean isServer() {
        return server;
    }

    /** Makes a session, which must be given back by {@link #free}. */
    synchronized long newSession() {
        if (closed) {
            throw new IllegalStateException("the TLS context is closed");
        }
        long ssl = SSL.newSSL(context, server);
        try {
            SSL.setKeyMaterial(ssl, chain, key);
        } catch (Exception e) {
            SSL.freeSSL(ssl);
            throw new IllegalStateException("the private key does not fit the certificate", e);
        }
        users++;
        return ssl;
    }

    void free(long ssl) {
        // The session owns its BIO.
        SSL.freeSSL(ssl);
        leave();
    }

    private synchronized void leave() {
        users--;
        if (users == 0) {
            SSL.freeX509Chain(chain);
            SSL.freePrivateKey(key);
            SSLContext.free(context);
        }
    }

    /** No stream is made with it any more. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            leave();
        }
    }
}
