package dev.exeat.bench.load;

import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Asks over a stream, one question after the other. Confined to the stream's loop. */
final class Talk implements ByteStream.Handler {
    private final ByteStream stream;
    private final Consumer<String> failed;
    private ByteBuffer question = ByteBuffer.allocate(0);
    private Expected expected = Expected.octets(0);
    private @Nullable Runnable answered;
    private LongConsumer progress = _ -> {};
    private boolean over;

    /** @param failed is called once if the stream breaks or ends before an answer is complete */
    Talk(ByteStream stream, Consumer<String> failed) {
        this.stream = stream;
        this.failed = failed;
        stream.handler(this);
    }

    /** Is told how many octets came each time. */
    void onProgress(LongConsumer listener) {
        progress = listener;
    }

    void ask(byte[] octets, Expected answer, Runnable then) {
        question = ByteBuffer.wrap(octets);
        expected = answer;
        answered = then;
        proceed();
    }

    /** Ends the stream politely; nothing is called any more. */
    void end() {
        over = true;
        stream.end();
    }

    void reset() {
        over = true;
        stream.reset();
    }

    /** Leaves the stream to another owner. */
    ByteStream handOver() {
        over = true;
        return stream;
    }

    @Override
    public void readable(ByteStream unused) {
        proceed();
    }

    @Override
    public void writable(ByteStream unused) {
        proceed();
    }

    private void proceed() {
        if (over) {
            return;
        }
        try {
            if (question.hasRemaining()) {
                stream.write(question);
            }
            receive();
        } catch (StreamException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void receive() {
        while (!over) {
            ByteBuffer scratch = stream.loop().scratch().bytes().clear();
            int read = stream.read(stream.loop().scratch());
            if (read == 0) {
                return;
            }
            if (read < 0) {
                fail("the connection ended too early");
                return;
            }
            progress.accept(read);
            if (expected.completeWith(scratch.flip())) {
                Runnable then = answered;
                answered = null;
                if (then != null) {
                    then.run();
                }
            }
        }
    }

    private void fail(String detail) {
        over = true;
        if (!stream.isClosed()) {
            stream.reset();
        }
        failed.accept(detail);
    }
}
