package dev.exeat.proxy;

import dev.exeat.model.Reason;
import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import dev.exeat.net.TcpStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends away clients that may not come in. An alert tells them why (RFC 8446 section 6); for it to arrive the socket has
 * to stay for a moment, which is granted to a few at a time, so that a flood of refused connections holds no
 * descriptors. The others are reset. Safe for any thread.
 */
final class Turnaway {
    static final int AT_ONCE = 64;

    private final AtomicInteger telling = new AtomicInteger();

    /** Ends a stream that has no owner yet. */
    void refuse(TcpStream stream, Reason reason) {
        if (telling.incrementAndGet() > AT_ONCE) {
            telling.decrementAndGet();
            stream.reset();
            return;
        }
        stream.onClose(telling::decrementAndGet);
        tell(stream, reason);
    }

    /** Ends the stream of a client that is known, and thereby bounded. */
    static void tell(ByteStream stream, Reason reason) {
        try {
            stream.write(ByteBuffer.wrap(reason.alert().record()));
            stream.end();
        } catch (StreamException e) {
            stream.reset();
        }
    }
}
