package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import dev.exeat.proxy.dial.Cancel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request for a tunnel from its sending to its answer; for a refusal, to the end of the body. */
final class H2Opening implements ByteStream.Handler {
    private static final int MAX_BODY = 4096;
    private static final Duration BODY_LIMIT = Duration.ofSeconds(2);

    private final H2ClientConnection connection;
    private final OpenHandler handler;
    private @Nullable H2Stream stream;
    private @Nullable Cancel timer;
    private int status;
    private boolean over;
    private ByteBuffer body = ByteBuffer.allocate(0);

    H2Opening(H2ClientConnection connection, OpenHandler handler) {
        this.connection = connection;
        this.handler = handler;
    }

    void begin(H2Stream opened) {
        stream = opened;
    }

    boolean isAnswered() {
        return status != 0;
    }

    void cancel() {
        if (!over) {
            over = true;
            stop();
            H2Stream asked = stream;
            if (asked != null) {
                connection.settled(asked);
                asked.reset(H2Error.CANCEL);
            }
        }
    }

    void answered(int code) {
        H2Stream asked = stream;
        if (over || asked == null) {
            return;
        }
        status = code;
        if (code < 300) {
            over = true;
            connection.settled(asked);
            asked.isolated(() -> handler.opened(asked));
            return;
        }
        body = ByteBuffer.allocate(MAX_BODY);
        asked.handler(this);
        timer = connection.tasks().after(BODY_LIMIT, () -> refuse(asked));
    }

    @Override
    public void readable(ByteStream unused) {
        H2Stream asked = stream;
        if (over || asked == null) {
            return;
        }
        try {
            int count = asked.read(body);
            if (count < 0 || !body.hasRemaining()) {
                refuse(asked);
            }
        } catch (StreamException e) {
            // A server may stop the stream behind its answer; the status stands.
            refuse(asked);
        }
    }

    @Override
    public void writable(ByteStream unused) {}

    private void refuse(H2Stream asked) {
        if (!over) {
            over = true;
            stop();
            connection.settled(asked);
            asked.end();
            asked.isolated(() -> handler.refused(status, Arrays.copyOf(body.array(), body.position())));
        }
    }

    /** The server will not act on streams past the last one it named (RFC 9113 section 6.8). */
    void goneAway(int lastStream) {
        H2Stream asked = stream;
        if (asked != null && asked.id() > lastStream) {
            connection.settled(asked);
            asked.reset(H2Error.CANCEL);
            fail(true, "The server is shutting down.");
        }
    }

    void fail(boolean untouched, String detail) {
        if (over) {
            return;
        }
        over = true;
        stop();
        if (status != 0) {
            handler.refused(status, Arrays.copyOf(body.array(), body.position()));
        } else {
            handler.failed(untouched, detail);
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
