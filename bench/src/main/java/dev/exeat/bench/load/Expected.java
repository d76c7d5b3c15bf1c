package dev.exeat.bench.load;

import dev.exeat.net.StreamException;
import java.nio.ByteBuffer;

/** Knows when an answer is complete. Not thread-safe. */
interface Expected {
    /**
     * Looks at the octets that came.
     *
     * @return whether the answer is complete with them
     * @throws StreamException if it is not the answer that was hoped for
     */
    boolean completeWith(ByteBuffer octets);

    /** So many octets, whatever they are. */
    static Expected octets(long count) {
        return new Expected() {
            private long left = count;

            @Override
            public boolean completeWith(ByteBuffer octets) {
                left -= octets.remaining();
                return left <= 0;
            }
        };
    }

    /** The head of an HTTP/1.1 answer with status 200. */
    static Expected http200() {
        return new Expected() {
            private final StringBuilder head = new StringBuilder();

            @Override
            public boolean completeWith(ByteBuffer octets) {
                while (octets.hasRemaining()) {
                    head.append((char) octets.get());
                }
                if (head.indexOf("\r\n\r\n") < 0) {
                    return false;
                }
                if (!head.toString().startsWith("HTTP/1.1 200")) {
                    throw refused(head.substring(0, head.indexOf("\r\n")));
                }
                return true;
            }
        };
    }

    /** So many octets of which the second is 0 for success, as in SOCKS5 (RFC 1928 sections 3 and 6). */
    static Expected socks(int count) {
        return new Expected() {
            private final ByteBuffer all = ByteBuffer.allocate(count);

            @Override
            public boolean completeWith(ByteBuffer octets) {
                all.put(octets);
                if (all.position() > 1 && all.get(1) != 0) {
                    throw refused("SOCKS reply " + all.get(1));
                }
                return !all.hasRemaining();
            }
        };
    }

    private static StreamException refused(String answer) {
        return new StreamException(StreamException.Kind.PROTOCOL, "refused: " + answer);
    }
}
