package dev.exeat.net;

import java.util.Arrays;

/**
 * Ciphertext on its way to a socket. Only what a short send left over is kept, at most one buffer of the loop and what
 * the TLS engine made by itself; nothing more is taken before it is gone.
 */
final class CipherQueue {
    /** So much that the engine makes by itself can only be a peer that provokes it and does not read. */
    private static final int MOST_OWN = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final TcpStream tcp;
    private byte[] left = NOTHING;
    private int from;
    private int own;

    CipherQueue(TcpStream tcp) {
        this.tcp = tcp;
    }

    boolean isEmpty() {
        return from == left.length;
    }

    /** Whether the peer must take what it provoked before more is read from it. */
    boolean isProvoked() {
        return own > MOST_OWN;
    }

    /** Sends what the session has made by itself. */
    void sendOwn(TlsSession session) {
        IoBuffer sink = tcp.loop().memory().cipherOut();
        while (session.hasOutput()) {
            int length = session.drain(sink.address(), sink.bytes().capacity());
            send(sink, length);
            own = isEmpty() ? 0 : own + length;
        }
    }

    /** Sends what the session has made by itself, behind which the connection ends. */
    void sendLast(TlsSession session) {
        IoBuffer sink = tcp.loop().memory().cipherOut();
        while (session.hasOutput()) {
            int length = session.drain(sink.address(), sink.bytes().capacity());
            keep(sink, isEmpty() ? tcp.sendLast(sink.address(), length) : 0, length);
        }
    }

    /** Sends the first octets of a buffer, or keeps them behind what is kept already. */
    void send(IoBuffer cipher, int length) {
        if (length > 0) {
            keep(cipher, isEmpty() ? tcp.send(cipher.address(), length) : 0, length);
        }
    }

    /** Keeps what was not sent of the first octets of a buffer. */
    private void keep(IoBuffer cipher, int sent, int length) {
        if (sent < length) {
            int kept = left.length - from;
            byte[] grown = Arrays.copyOf(Arrays.copyOfRange(left, from, left.length), kept + length - sent);
            cipher.bytes().get(sent, grown, kept, length - sent);
            left = grown;
            from = 0;
        }
    }

    /** Whether everything is sent. */
    boolean flush() {
        while (!isEmpty()) {
            IoBuffer out = tcp.loop().memory().out();
            int length = Math.min(left.length - from, out.bytes().capacity());
            out.bytes().put(0, left, from, length);
            int sent = tcp.send(out.address(), length);
            from += sent;
            if (sent < length) {
                return false;
            }
        }
        left = NOTHING;
        from = 0;
        own = 0;
        return true;
    }
}
