package dev.exeat.net;

import java.nio.ByteBuffer;

/**
 * A full-duplex, flow-controlled stream of bytes on one event loop: a TCP connection, TLS over it, or a tunnel
 * stream of an HTTP/2 connection. Pull to read, push to write; readiness is edge-triggered, so whoever is told
 * {@link Handler#readable} reads until 0 or remembers that there is more. Confined to its loop's thread.
 */
public interface ByteStream {

    /** Tells the owner that a call which returned "not now" may succeed again. Never called from within a call. */
    interface Handler {
        /** Bytes, the end, or an error can be had by {@link ByteStream#read}. */
        void readable(ByteStream stream);

        /** {@link ByteStream#write} may take bytes again, or has an error to tell. */
        void writable(ByteStream stream);
    }

    EventLoop loop();

    /** Sets who is told of readiness; the new handler is told of {@code readable} if bytes may be waiting. */
    void handler(Handler handler);

    /**
     * Reads what there is into the buffer between its position and limit.
     *
     * @return how many bytes were read, 0 if there are none now, -1 at the peer's orderly end
     * @throws StreamException if the stream broke (reset, protocol error, truncated TLS)
     */
    int read(IoBuffer into);

    /**
     * Takes bytes to send, from the buffer's position on.
     *
     * @return how many were taken, less than {@code remaining} when the stream is full
     * @throws StreamException if the stream broke
     */
    int write(ByteBuffer from);

    /** Ends the sending direction once all taken bytes are sent; reading goes on. */
    void finish();

    /**
     * Sends what was taken and is still kept on this side. After a {@link #finish} whoever calls {@link #end} before
     * all of it is sent gives it a second; the handler hears of {@code writable} once it is.
     *
     * @return whether nothing is kept
     * @throws StreamException if the stream broke
     */
    default boolean flush() {
        return true;
    }

    /**
     * Ends both directions politely: sends what was taken, ends the sending direction, discards what still
     * arrives, and releases the stream at the peer's end or after a second. The handler is told nothing more.
     */
    void end();

    /** Breaks the stream at once, so that the peer sees an error (RST, RST_STREAM). Idempotent. */
    void reset();

    /** Whether this side has ended or reset it; every other call would then throw {@link StreamException}. */
    boolean isClosed();
}
