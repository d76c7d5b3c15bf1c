package dev.exeat.net;

import io.netty.internal.tcnative.SSL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session of BoringSSL over a memory BIO (netty-tcnative's {@code SSL}). */
final class BoringSession implements TlsSession {
    /**
     * Ciphertext that the engine makes by itself waits here; when it is full, it is drained and the step repeated. Each
     * connection holds it for life, so it is no larger than a flight with a certificate or two.
     */
    private static final int OWN_OUTPUT = 2048;

    private static final int MAX_RECORD = 16 * 1024;

    private final BoringEngine engine;
    private final long ssl;
    private final long bio;
    private final OutputRoom room;
    private long inputAddress;
    private int inputLength;
    private boolean inputSet;
    private boolean freed;
    /** Within the one native call that calls back, to have a certificate judged. */
    private boolean shaking;

    private int produced;
    private int consumed;

    BoringSession(BoringEngine engine, long ssl, String serverName, OutputRoom room) {
        this.engine = engine;
        this.room = room;
        this.ssl = ssl;
        this.bio = SSL.bioNewByteBuffer(ssl, OWN_OUTPUT);
        if (!engine.isServer() && !serverName.isEmpty()) {
            SSL.setTlsExtHostName(ssl, serverName);
        }
    }

    @Override
    public void input(long address, int length) {
        requireAlive();
        inputAddress = address;
        inputLength = length;
        inputSet = true;
        SSL.bioSetByteBuffer(bio, address, length, false);
    }

    @Override
    public int inputLeft() {
        requireAlive();
        return inputSet ? SSL.bioLengthByteBuffer(bio) : 0;
    }

    @Override
    public void clearInput() {
        requireAlive();
        if (inputSet) {
            SSL.bioClearByteBuffer(bio);
            inputSet = false;
        }
    }

    /** It copies nothing: what it has not used is told by {@link #inputLeft}. */
    @Override
    public boolean hasInput() {
        return false;
    }

    /** Native code does not ask whether what it is given is still there. */
    private void requireAlive() {
        if (freed) {
            throw new IllegalStateException("the TLS session is freed");
        }
    }

    @Override
    public Step handshake() {
        requireAlive();
        shaking = true;
        try {
            for (; ; ) {
                int result = SSL.doHandshake(ssl);
                requireAlive();
                if (result == 1) {
                    return Step.DONE;
                }
                Step step = stepAfter(result);
                if (step != null) {
                    return step;
                }
            }
        } finally {
            shaking = false;
            if (freed) {
                SSL.freeSSL(ssl);
            }
        }
    }

    @Override
    public Step read(long address, int length) {
        requireAlive();
        produced = 0;
        while (produced < length) {
            int result = SSL.readFromSSL(ssl, address + produced, length - produced);
            if (result > 0) {
                produced += result;
                continue;
            }
            Step step = stepAfter(result);
            if (step != null) {
                return step;
            }
        }
        return Step.DONE;
    }

    /** What follows a result that is no success, or null to try again. */
    private @Nullable Step stepAfter(int result) {
        int error = SSL.getError(ssl, result);
        if (error == SSL.SSL_ERROR_WANT_READ) {
            return Step.WANT_INPUT;
        }
        if (error == SSL.SSL_ERROR_ZERO_RETURN) {
            return Step.PEER_ENDED;
        }
        if (error == SSL.SSL_ERROR_WANT_WRITE) {
            makeRoom();
            return null;
        }
        throw failure();
    }

    private void makeRoom() {
        int left = inputLeft();
        boolean had = inputSet;
        clearInput();
        room.drainNow();
        if (had) {
            input(inputAddress + (inputLength - left), left);
        }
    }

    private TlsException failure() {
        int number = SSL.getLastErrorNumber();
        String text = number == 0 ? "the connection ended within a TLS record" : SSL.getErrorString(number);
        SSL.clearError();
        return new TlsException(kindOf(text), text);
    }

    private static TlsFailure.Kind kindOf(String text) {
        if (text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")) {
            return TlsFailure.Kind.NO_CERTIFICATE;
        }
        return text.contains("CERTIFICATE_VERIFY_FAILED") ? TlsFailure.Kind.BAD_CERTIFICATE : TlsFailure.Kind.PROTOCOL;
    }

    @Override
    public int produced() {
        return produced;
    }

    @Override
    public int write(long address, int length, long sink, int capacity) {
        requireAlive();
        consumed = 0;
        SSL.bioSetByteBuffer(bio, sink, capacity, true);
        try {
            while (consumed < length) {
                int result = SSL.writeToSSL(ssl, address + consumed, Math.min(MAX_RECORD, length - consumed));
                if (result <= 0) {
                    int error = SSL.getError(ssl, result);
                    if (error == SSL.SSL_ERROR_WANT_WRITE || error == SSL.SSL_ERROR_WANT_READ) {
                        break;
                    }
                    throw failure();
                }
                consumed += result;
            }
            return capacity - SSL.bioLengthByteBuffer(bio);
        } finally {
            SSL.bioClearByteBuffer(bio);
        }
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public boolean hasOutput() {
        requireAlive();
        return SSL.bioLengthNonApplication(bio) > 0;
    }

    @Override
    public int drain(long sink, int capacity) {
        requireAlive();
        SSL.bioSetByteBuffer(bio, sink, capacity, true);
        try {
            SSL.bioFlushByteBuffer(bio);
            return capacity - SSL.bioLengthByteBuffer(bio);
        } finally {
            SSL.bioClearByteBuffer(bio);
        }
    }

    @Override
    public int flush(long sink, int capacity) {
        requireAlive();
        if (!engine.handsOutTickets()) {
            return 0;
        }
        SSL.bioSetByteBuffer(bio, sink, capacity, true);
        try {
            SSL.writeToSSL(ssl, sink, 0);
            SSL.clearError();
            return capacity - SSL.bioLengthByteBuffer(bio);
        } finally {
            SSL.bioClearByteBuffer(bio);
        }
    }

    @Override
    public void closeNotify() {
        requireAlive();
        SSL.shutdownSSL(ssl);
        SSL.clearError();
    }

    /** On a server the library leaves the leaf out of the chain, on a client it does not. */
    private List<byte[]> peerChain() {
        byte[] leaf = SSL.getPeerCertificate(ssl);
        byte[][] chain = SSL.getPeerCertChain(ssl);
        if (leaf == null) {
            return List.of();
        }
        List<byte[]> all = new ArrayList<>();
        all.add(leaf);
        for (byte[] certificate : chain == null ? new byte[0][] : chain) {
            if (!Arrays.equals(certificate, leaf)) {
                all.add(certificate);
            }
        }
        return all;
    }

    @Override
    public TlsFacts facts() {
        requireAlive();
        List<byte[]> certificates = peerChain();
        String alpn = SSL.getAlpnSelected(ssl);
        String name = engine.isServer() ? SSL.getSniHostname(ssl) : "";
        return new TlsFacts(
                certificates,
                alpn == null ? "" : alpn,
                name == null ? "" : name,
                SSL.getVersion(ssl),
                SSL.isSessionReused(ssl));
    }

    @Override
    public void free() {
        if (freed) {
            return;
        }
        if (!shaking) {
            clearInput();
            // The session owns its BIO.
            SSL.freeSSL(ssl);
        }
        freed = true;
    }
}
