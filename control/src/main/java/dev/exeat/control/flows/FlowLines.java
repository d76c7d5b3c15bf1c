package dev.exeat.control.flows;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lines on their way to one client, which is told only of what is in its sight at that moment. Where nothing is sent for long,
 * an empty line tells the client that the server is still at work, and the server that the client is still there. Its
 * methods throw an UncheckedIOException if the client is gone. Not thread-safe.
 */
final class FlowLines {
    /** A client takes a longer silence for a dead connection. */
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final byte[] EMPTY = {'\n'};

    private final OutputStream out;
    private final Sight sight;
    private final LongSupplier nanos;
    private long sent;
    private boolean waiting;

    /** Sends the head of the answer. */
    FlowLines(OutputStream to, Sight sight) throws IOException {
        this(to, sight, System::nanoTime);
    }

    FlowLines(OutputStream to, Sight sight, LongSupplier nanos) throws IOException {
        this.out = new BufferedOutputStream(to, 64 * 1024);
        this.sight = sight;
        this.nanos = nanos;
        this.sent = nanos.getAsLong();
        out.flush();
    }

    /** Sends a line later, if what it tells is in sight. */
    void write(String namespace, byte[] line) {
        if (sight.covers(namespace)) {
            write(line);
        }
    }

    /** Sends a line later. */
    void write(byte[] line) {
        try {
            out.write(line);
            waiting = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be asked after each step of the work: whether the client may still see anything. */
    boolean goesOn() {
        sight.renew();
        if (nanos.getAsLong() - sent > HEARTBEAT.toNanos()) {
            if (!waiting) {
                write(EMPTY);
            }
            flush();
        }
        return !sight.isNowhere();
    }

    void flush() {
        try {
            out.flush();
            waiting = false;
            sent = nanos.getAsLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IOException if it is not whole, because the client may see nothing any more */
    void end() throws IOException {
        if (sight.isNowhere()) {
            throw new IOException("the caller may see nothing any more");
        }
        flush();
    }
}
