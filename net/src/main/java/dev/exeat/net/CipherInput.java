package dev.exeat.net;

/**
 * Ciphertext on its way from a socket to a TLS session, through the loop's buffer. What a session had no use for yet
 * is kept as a copy, so that the buffer is free for others between two calls.
 */
final class CipherInput {
    private final TcpStream tcp;
    private final TlsSession session;
    private byte @org.jspecify.annotations.Nullable [] held;
    private int end;

    CipherInput(TcpStream tcp, TlsSession session) {
        this.tcp = tcp;
        this.session = session;
    }

    /** Whether there is ciphertext that the session can go on with before more arrives. */
    boolean holds() {
        return held != null || session.hasInput();
    }

    /** Gives the session what was kept. */
    void restore() {
        byte[] kept = held;
        if (kept != null) {
            held = null;
            IoBuffer in = tcp.loop().memory().cipherIn();
            in.bytes().put(0, kept);
            give(in, kept.length);
        }
    }

    /**
     * Gives the session what has arrived.
     *
     * @return as {@link TcpStream#receive}
     */
    int receive() {
        IoBuffer in = tcp.loop().memory().cipherIn();
        int received = tcp.receive(in.address(), in.bytes().capacity());
        if (received > 0) {
            give(in, received);
        }
        return received;
    }

    private void give(IoBuffer in, int length) {
        end = length;
        session.input(in.address(), length);
    }

    /** Takes back what the session has not used, to be restored later. */
    void keep() {
        int left = session.inputLeft();
        session.clearInput();
        if (left > 0) {
            byte[] kept = new byte[left];
            tcp.loop().memory().cipherIn().bytes().get(end - left, kept);
            held = kept;
        }
    }
}
