package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import dev.exeat.proxy.dial.Cancel;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An answer with a body, sent as far as the client's window lets it, within a short time. */
final class H2Refusal implements ByteStream.Handler {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final H2Connection connection;
    private final H2Stream stream;
    private final ByteBuffer body;
    private @Nullable Cancel timer;

    H2Refusal(H2Connection connection, H2Stream stream, byte[] body) {
        this.connection = connection;
        this.stream = stream;
        this.body = ByteBuffer.wrap(body.clone());
    }

    void send(int status) {
        connection.writer().refusal(stream.id(), status, body.remaining());
        stream.handler(this);
        timer = connection.tasks().after(LIMIT, () -> stream.reset(H2Error.CANCEL));
        writable(stream);
    }

    @Override
    public void readable(ByteStream unused) {
        if (stream.isClosed()) {
            stop();
        }
    }

    @Override
    public void writable(ByteStream unused) {
        try {
            stream.write(body);
            if (!body.hasRemaining()) {
                stop();
                // RFC 9113 section 8.1: all is said, and the client need not end its side for its place to be free.
                stream.finish();
                stream.reset(H2Error.NO_ERROR);
            }
        } catch (StreamException e) {
            stop();
        }
    }

    private void stop() {
        Cancel running = timer;
        if (running != null) {
            timer = null;
            running.cancel();
        }
    }
}
