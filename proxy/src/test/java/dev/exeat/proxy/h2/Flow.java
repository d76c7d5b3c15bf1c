package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The owner of one stream: sends what it is given as the stream takes it, and collects what comes. */
final class Flow implements ByteStream.Handler {
    final ByteStream stream;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private ByteBuffer toSend = ByteBuffer.allocate(0);
    private boolean finishAfter;
    private final ByteBuffer buffer;
    boolean ended;
    boolean paused;
    boolean echo;

    @Nullable
    StreamException error;

    long readableCalls;

    Flow(ByteStream stream) {
        this(stream, 16 * 1024);
    }

    Flow(ByteStream stream, int bufferSize) {
        this.stream = stream;
        this.buffer = ByteBuffer.allocate(bufferSize);
        stream.handler(this);
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    void send(byte[] bytes, boolean finish) {
        ByteBuffer joined = ByteBuffer.allocate(toSend.remaining() + bytes.length)
                .put(toSend)
                .put(bytes)
                .flip();
        toSend = joined;
        finishAfter |= finish;
        writable(stream);
    }

    int unsent() {
        return toSend.remaining();
    }

    String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    void resume() {
        paused = false;
        readable(stream);
    }

    @Override
    public void readable(ByteStream unused) {
        readableCalls++;
        try {
            while (!paused && !ended && error == null) {
                buffer.clear();
                int count = ((H2Stream) stream).read(buffer);
                if (count == 0) {
                    return;
                }
                if (count < 0) {
                    ended = true;
                    return;
                }
                received.write(buffer.array(), 0, count);
                if (echo) {
                    send(java.util.Arrays.copyOf(buffer.array(), count), false);
                }
            }
        } catch (StreamException e) {
            error = e;
        }
    }

    @Override
    public void writable(ByteStream unused) {
        try {
            while (toSend.hasRemaining() && stream.write(toSend) > 0) {}
            if (finishAfter && !toSend.hasRemaining()) {
                finishAfter = false;
                stream.finish();
            }
        } catch (StreamException e) {
            error = e;
        }
    }
}
