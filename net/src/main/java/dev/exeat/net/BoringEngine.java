package dev.exeat.net;

import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** BoringSSL's context, certificates and key. */
final class BoringEngine implements TlsEngine {
    private static final String TLS12_SUITES = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
            + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
    private static final int DEPTH = 10;
    private static final byte[] SESSION_CONTEXT = "exeat".getBytes(StandardCharsets.US_ASCII);
    private static final long TICKET_SECONDS = 3600;

    private final boolean server;
    private final boolean tickets;
    private final long ownEnd;
    private final long context;
    private long chain;
    private long key;

    private BoringEngine(boolean server, boolean tickets, long ownEnd, long context) {
        this.server = server;
        this.tickets = server && tickets;
        this.ownEnd = ownEnd;
        this.context = context;
    }

    static BoringEngine create(boolean server, TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        BoringSsl.require();
        BoringEngine engine = null;
        try {
            long context = SSLContext.make(
                    SSL.SSL_PROTOCOL_TLSV1_2 | SSL.SSL_PROTOCOL_TLSV1_3,
                    server ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
            engine = new BoringEngine(
                    server, options.tickets(), Validity.end(identity.chainDer().getFirst()), context);
            engine.identify(identity);
            engine.configure(verifier, options);
            return engine;
        } catch (Exception e) {
            if (engine != null) {
                engine.free();
            }
            throw new IllegalArgumentException(
                    "the certificates and key do not make a TLS identity: " + e.getMessage(), e);
        }
    }

    /** A key that does not fit the certificate shows here, and not first when somebody connects. */
    private void identify(TlsIdentity identity) throws Exception {
        chain = withPem("CERTIFICATE", identity.chainDer(), SSL::parseX509Chain);
        key = withPem("PRIVATE KEY", List.of(identity.pkcs8Key()), bio -> SSL.parsePrivateKey(bio, null));
        SSL.freeSSL(newSession());
    }

    private void configure(PeerVerifier verifier, TlsOptions options) throws Exception {
        SSLContext.setVerify(context, SSL.SSL_CVERIFY_REQUIRED, DEPTH);
        SSLContext.setUseTasks(context, false);
        SSLContext.setMode(
                context,
                SSL.SSL_MODE_RELEASE_BUFFERS
                        | SSL.SSL_MODE_ENABLE_PARTIAL_WRITE
                        | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSLContext.setSessionCacheMode(context, SSL.SSL_SESS_CACHE_OFF);
        if (tickets) {
            // The keys are BoringSSL's own, random and changed every two days.
            SSLContext.clearOptions(context, SSL.SSL_OP_NO_TICKET);
            SSLContext.setSessionIdContext(context, SESSION_CONTEXT);
        } else {
            SSLContext.setOptions(context, SSL.SSL_OP_NO_TICKET);
        }
        SSLContext.setCipherSuite(context, TLS12_SUITES, false);
        if (!options.alpn().isEmpty()) {
            SSLContext.setAlpnProtos(
                    context, options.alpn().toArray(new String[0]), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
        }
        SSLContext.setCertVerifyCallback(context, new CertificateVerifier() {
            @Override
            public int verify(long ssl, byte[][] certificates, String authentication) {
                PeerVerdict verdict = verifier.verify(List.of(certificates));
                if (verdict == PeerVerdict.OK && tickets) {
                    SSL.setTimeout(ssl, ticketSeconds(certificates[0]));
                }
                return verdict.code();
            }
        });
    }

    /** No ticket outlives the certificates that it stands for, neither the peer's nor the own one. */
    private long ticketSeconds(byte[] leaf) {
        long left = Math.min(ownEnd, Validity.end(leaf)) - System.currentTimeMillis() / 1000;
        return Math.clamp(left, 1, TICKET_SECONDS);
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

    boolean handsOutTickets() {
        return tickets;
    }

    private long newSession() throws Exception {
        long ssl = SSL.newSSL(context, server);
        try {
            SSL.setRenegotiateMode(ssl, SSL.SSL_RENEGOTIATE_NEVER);
            SSL.setKeyMaterial(ssl, chain, key);
            return ssl;
        } catch (Exception e) {
            SSL.freeSSL(ssl);
            throw e;
        }
    }

    @Override
    public TlsSession session(String serverName, TlsSession.OutputRoom room) {
        try {
            return new BoringSession(this, newSession(), serverName, room);
        } catch (Exception e) {
            throw new IllegalStateException("a TLS session could not be made: " + e.getMessage(), e);
        }
    }

    @Override
    public void free() {
        if (chain != 0) {
            SSL.freeX509Chain(chain);
        }
        if (key != 0) {
            SSL.freePrivateKey(key);
        }
        SSLContext.free(context);
    }
}
