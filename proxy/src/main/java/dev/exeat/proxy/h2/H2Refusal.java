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
    private final boolean ofTunnel;
    private final ByteBuffer body;
    private @Nullable Cancel timer;

    /** @param ofTunnel whether a tunnel was asked for, whose place is to be free as soon as all is said */
    H2Refusal(H2Connection connection, H2Stream stream, boolean ofTunnel, byte[] body) {
        this.connection = connection;
        this.stream = stream;
        this.ofTunnel = ofTunnel;
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
                end();
            }
        } catch (StreamException e) {
            stop();
        }
    }

    private void end() {
        if (ofTunnel) {
            // RFC 9113 section 8.1: all is said, and the client need not end its side.
            stream.finish();
            stream.reset(H2Error.NO_ERROR);
        } else {
            stream.end();
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
