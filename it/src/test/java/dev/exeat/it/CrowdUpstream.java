package dev.exeat.it;

import dev.exeat.net.ByteStream;
import dev.exeat.net.EventLoops;
import dev.exeat.net.Listener;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.StreamException;
import dev.exeat.net.TcpStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream for very many: answers the first octets of each connection and ends when the other side does. */
final class CrowdUpstream implements AutoCloseable {
    static final String ANSWER = "EXEAT-CROWD\n";

    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "crowd-upstream"));
    private final AtomicInteger reached = new AtomicInteger();
    private final Listener listener;

    CrowdUpstream(InetSocketAddress address) {
        this.listener = loops.listen(address, stream -> {
            reached.incrementAndGet();
            stream.handler(new Answering());
        });
    }

    int port() {
        return listener.address().getPort();
    }

    /** How many have come so far. */
    int reached() {
        return reached.get();
    }

    private static final class Answering implements ByteStream.Handler {
        private boolean answered;

        @Override
        public void readable(ByteStream stream) {
            try {
                int read = 1;
                while (read > 0 && !stream.isClosed()) {
                    stream.loop().scratch().bytes().clear();
                    read = stream.read(stream.loop().scratch());
                    if (read > 0 && !answered) {
                        answered = true;
                        // So little always fits.
                        stream.write(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
                    }
                }
                if (read < 0) {
                    stream.end();
                }
            } catch (StreamException e) {
                ((TcpStream) stream).reset();
            }
        }

        @Override
        public void writable(ByteStream stream) {
            // It never waits for room.
        }
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
    }
}
