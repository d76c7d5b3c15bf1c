package dev.exeat.net;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that TLS streams are made with: an own identity, a judge of peers, and what is offered. TLS 1.3, and
 * TLS 1.2 with forward secrecy and AEAD suites alone; both sides prove themselves; no renegotiation. Streams keep the
 * context that they began with: one that was closed is freed with its last stream. Safe for any thread.
 */
public final class TlsContext implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);

    private final PeerVerifier verifier;
    private final TlsEngine engine;
    private int users = 1;
    private boolean closed;

    private TlsContext(boolean server, TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        this.verifier = verifier;
        this.engine = switch (options.provider()) {
            case BORINGSSL -> BoringEngine.create(server, identity, this::judge, options);
            case JSSE -> JsseEngine.create(server, identity, this::judge, options);
        };
    }

    /**
     * For the side that accepts.
     *
     * @throws IllegalArgumentException if the certificates and the key don't fit together
     */
    public static TlsContext server(TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        return new TlsContext(true, identity, verifier, options);
    }

    /**
     * For the side that dials.
     *
     * @throws IllegalArgumentException if the certificates and the key don't fit together
     */
    public static TlsContext client(TlsIdentity identity, PeerVerifier verifier, TlsOptions options) {
        return new TlsContext(false, identity, verifier, options);
    }

    /** A verifier that fails refuses. */
    @SuppressWarnings("CatchingUnchecked") // Whatever a verifier throws must not pass through native code.
    PeerVerdict judge(List<byte[]> chainDer) {
        if (chainDer.isEmpty()) {
            return PeerVerdict.BAD_CERTIFICATE;
        }
        try {
            return verifier.verify(chainDer);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("the judge of certificates failed; the peer is refused");
            return PeerVerdict.BAD_CERTIFICATE;
        }
    }

    /**
     * Makes a session, whose user calls {@link #leave} after it has freed it.
     *
     * @throws IllegalStateException if the context is closed
     */
    synchronized TlsSession join(String serverName, TlsSession.OutputRoom room) {
        if (closed) {
            throw new IllegalStateException("the TLS context is closed");
        }
        TlsSession session = engine.session(serverName, room);
        users++;
        return session;
    }

    synchronized void leave() {
        users--;
        if (users == 0) {
            engine.free();
        }
    }

    /** For tests: how many hold the context, itself included. */
    synchronized int users() {
        return users;
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
