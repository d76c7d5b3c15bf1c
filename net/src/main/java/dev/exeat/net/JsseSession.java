package dev.exeat.net;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A session of the Java platform's TLS. Its heap buffers exist only while they hold something. */
final class JsseSession implements TlsSession {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String TLS13 = "TLSv1.3";
    /** So many records without data in a row, which BoringSSL allows too, can only be meant to keep the loop busy. */
    private static final int MOST_IDLE_RECORDS = 32;

    private final SSLEngine engine;
    private final boolean server;
    private final Runnable afterFree;
    /** Ciphertext that no step has used yet, plaintext that found no room, and own ciphertext; all ready to be read. */
    private ByteBuffer input = NOTHING;

    private ByteBuffer plain = NOTHING;
    private ByteBuffer own = NOTHING;
    /** The input holds no whole record. */
    private boolean starved;

    private int idleRecords;
    private boolean judgedNow;
    private boolean refused;
    private int produced;
    private int consumed;

    JsseSession(SSLEngine engine, boolean server, Runnable afterFree) {
        this.engine = engine;
        this.server = server;
        this.afterFree = afterFree;
    }

    void judged(PeerVerdict verdict) {
        judgedNow = true;
        refused = verdict != PeerVerdict.OK;
    }

    @Override
    public void input(long address, int length) {
        if (length > 0) {
            input = append(input, view(address, length));
            starved = false;
        }
    }

    private static ByteBuffer view(long address, int length) {
        return MemorySegment.ofAddress(address).reinterpret(length).asByteBuffer();
    }

    private static ByteBuffer append(ByteBuffer to, ByteBuffer more) {
        ByteBuffer joined = ByteBuffer.allocate(to.remaining() + more.remaining());
        return joined.put(to).put(more).flip();
    }

    /** Nothing is left outside: {@link #input} takes it all. */
    @Override
    public int inputLeft() {
        return 0;
    }

    @Override
    public void clearInput() {
        if (!input.hasRemaining()) {
            input = NOTHING;
        }
    }

    /** A peer may send its first data together with the end of its handshake. */
    @Override
    public boolean hasInput() {
        return input.hasRemaining() && !starved;
    }

    @Override
    public Step handshake() {
        try {
            for (; ; ) {
                switch (engine.getHandshakeStatus()) {
                    case NOT_HANDSHAKING, FINISHED -> {
                        return Step.DONE;
                    }
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> wrapOwn();
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!input.hasRemaining() || !unwrap(NOTHING.duplicate())) {
                            return Step.WANT_INPUT;
                        }
                    }
                }
            }
        } catch (SSLException e) {
            throw failure(e);
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Whether a whole record was there. */
    private boolean unwrap(ByteBuffer into) throws SSLException {
        SSLEngineResult result = engine.unwrap(input, into);
        if (result.getStatus() == Status.CLOSED && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            throw new TlsException(TlsFailure.Kind.RESET, "the peer ended TLS during the handshake");
        }
        starved = result.getStatus() == Status.BUFFER_UNDERFLOW;
        return !starved;
    }

    private void wrapOwn() throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(NOTHING.duplicate(), record);
        own = append(own, record.flip());
    }

    private TlsException failure(SSLException cause) {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrapOwn();
            }
        } catch (SSLException e) {
            // There is no alert to send, then.
            cause.addSuppressed(e);
        }
        String text = String.valueOf(cause.getMessage());
        TlsFailure.Kind kind = refused
                ? TlsFailure.Kind.BAD_CERTIFICATE
                : text.contains("Empty client certificate chain")
                        ? TlsFailure.Kind.NO_CERTIFICATE
                        : TlsFailure.Kind.PROTOCOL;
        return new TlsException(kind, text);
    }

    @Override
    public Step read(long address, int length) {
        produced = 0;
        ByteBuffer into = view(address, length);
        try {
            while (into.hasRemaining()) {
                if (plain.hasRemaining()) {
                    int moved = Math.min(plain.remaining(), into.remaining());
                    into.put(plain.slice(plain.position(), moved));
                    plain.position(plain.position() + moved);
                    produced += moved;
                    continue;
                }
                plain = NOTHING;
                if (!input.hasRemaining()) {
                    return Step.WANT_INPUT;
                }
                Step step = readRecord();
                if (step != Step.DONE) {
                    return step;
                }
            }
            return Step.DONE;
        } catch (SSLException e) {
            throw failure(e);
        }
    }

    /** Turns one record into plaintext, which may be none. */
    private Step readRecord() throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        Status status = engine.unwrap(input, record).getStatus();
        plain = record.flip();
        starved = status == Status.BUFFER_UNDERFLOW;
        if (starved) {
            return Step.WANT_INPUT;
        }
        if (status == Status.CLOSED) {
            return Step.PEER_ENDED;
        }
        idleRecords = plain.hasRemaining() ? 0 : idleRecords + 1;
        if (status == Status.BUFFER_OVERFLOW || idleRecords > MOST_IDLE_RECORDS) {
            throw new TlsException(TlsFailure.Kind.PROTOCOL, "the peer sends records that bring nothing forward");
        }
        answer();
        return Step.DONE;
    }

    /** TLS 1.3 answers an update of keys; in TLS 1.2 only a renegotiation asks for anything. */
    private void answer() throws SSLException {
        HandshakeStatus wanted = engine.getHandshakeStatus();
        if (wanted != HandshakeStatus.NEED_WRAP && wanted != HandshakeStatus.NEED_TASK) {
            return;
        }
        if (!engine.getSession().getProtocol().equals(TLS13)) {
            throw new TlsException(TlsFailure.Kind.PROTOCOL, "the peer wants to renegotiate");
        }
        wrapOwn();
    }

    @Override
    public int produced() {
        return produced;
    }

    @Override
    public int write(long address, int length, long sink, int capacity) {
        ByteBuffer from = view(address, length);
        ByteBuffer to = view(sink, capacity);
        try {
            while (from.hasRemaining()) {
                SSLEngineResult result = engine.wrap(from, to);
                if (result.getStatus() == Status.CLOSED) {
                    throw new TlsException(TlsFailure.Kind.PROTOCOL, "TLS has ended");
                }
                if (result.bytesProduced() == 0) {
                    break;
                }
            }
        } catch (SSLException e) {
            throw failure(e);
        }
        consumed = from.position();
        return to.position();
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public int drain(long sink, int capacity) {
        int moved = Math.min(own.remaining(), capacity);
        view(sink, capacity).put(own.slice(own.position(), moved));
        own.position(own.position() + moved);
        if (!own.hasRemaining()) {
            own = NOTHING;
        }
        return moved;
    }

    @Override
    public boolean hasOutput() {
        return own.hasRemaining();
    }

    /** The platform hands its tickets out with the handshake. */
    @Override
    public int flush(long sink, int capacity) {
        return 0;
    }

    @Override
    public void closeNotify() {
        try {
            engine.closeOutbound();
            while (!engine.isOutboundDone() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrapOwn();
            }
        } catch (SSLException e) {
            throw failure(e);
        }
    }

    @Override
    public TlsFacts facts() {
        String alpn = engine.getApplicationProtocol();
        return new TlsFacts(
                peerChain(),
                alpn == null ? "" : alpn,
                server ? requestedName() : "",
                engine.getSession().getProtocol(),
                !judgedNow);
    }

    private List<byte[]> peerChain() {
        try {
            List<byte[]> chain = new ArrayList<>();
            for (Certificate certificate : engine.getSession().getPeerCertificates()) {
                chain.add(certificate.getEncoded());
            }
            return chain;
        } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
            return List.of();
        }
    }

    private String requestedName() {
        if (engine.getSession() instanceof ExtendedSSLSession extended) {
            for (var name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }

    @Override
    public void free() {
        afterFree.run();
        input = NOTHING;
        plain = NOTHING;
        own = NOTHING;
    }
}
