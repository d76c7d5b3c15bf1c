package dev.exeat.control.flows;

import dev.exeat.control.access.Authorizer.Reach;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lines on their way to one client, which is shown only what it may see at that moment. Where nothing is sent for long, an
 * empty line tells it that there may be more, and tells the server that the client is still there. Not thread-safe.
 */
final class FlowLines {
    /** A client takes a longer silence for a dead connection. */
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final long REACH_NANOS = Duration.ofSeconds(1).toNanos();

    private final OutputStream out;
    private final Supplier<Reach> reaches;
    private Reach reach;
    private long asked = System.nanoTime();
    private long sent = asked;
    private boolean waiting;

    /**
     * Sends the answer's head.
     *
     * @param reaches whose flows the client may see, as it is when asked
     */
    FlowLines(OutputStream to, Supplier<Reach> reaches) throws IOException {
        this.out = new BufferedOutputStream(to, 64 * 1024);
        this.reaches = reaches;
        this.reach = reaches.get();
        out.flush();
    }

    boolean shows(String namespace) {
        return reach.covers(namespace);
    }

    /** @throws UncheckedIOException if the client is gone */
    void write(byte[] line) {
        try {
            out.write(line);
            waiting = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * To be asked between any two steps of the work.
     *
     * @return true
     * @throws UncheckedIOException if the client is gone, or may see nothing any more
     */
    boolean goesOn() {
        long now = System.nanoTime();
        if (now - asked > REACH_NANOS) {
            reach = reaches.get();
            asked = now;
        }
        if (reach.isNowhere()) {
            throw new UncheckedIOException(new IOException("the caller may see nothing any more"));
        }
        if (now - sent > HEARTBEAT.toNanos()) {
            if (!waiting) {
                write(new byte[] {'\n'});
            }
            flush();
        }
        return true;
    }

    /** @throws UncheckedIOException if the client is gone */
    void flush() {
        try {
            out.flush();
            waiting = false;
            sent = System.nanoTime();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
