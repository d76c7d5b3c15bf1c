package dev.exeat.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** What one connection brought to a {@link MarkerUpstream}. Thread-safe; grows while octets arrive. */
public final class Received {
    private static final int KEPT = 1024 * 1024;

    private final Socket socket;
    private final OctetTally tally = new OctetTally();
    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private boolean ended;
    private boolean reset;

    Received(Socket socket) {
        this.socket = socket;
    }

    public InetSocketAddress peer() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    public long count() {
        return tally.count();
    }

    /** The SHA-256 of all octets so far, in lower-case hex. */
    public String sha256() {
        return tally.sha256();
    }

    /** The first octets, at most 1 MiB. */
    public synchronized byte[] octets() {
        return first.toByteArray();
    }

    /** Whether the peer has ended its side, in order or by a reset. */
    public synchronized boolean ended() {
        return ended;
    }

    public synchronized boolean wasReset() {
        return reset;
    }

    /** Ends the connection with a reset, as an upstream that dies does. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    synchronized void add(byte[] octets, int length) {
        tally.add(octets, length);
        if (first.size() < KEPT) {
            first.write(octets, 0, Math.min(length, KEPT - first.size()));
        }
    }

    synchronized void ended(boolean byReset) {
        ended = true;
        reset = byReset;
    }

    void close() throws IOException {
        socket.close();
    }
}
