package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a connection, shared fairly: a stream that finds no room, or others before it, queues up; each that is
 * served may put a bounded amount and queues up again behind the others.
 */
final class Sending {
    /** Octets that a stream may put at once while others wait. */
    private static final int QUANTUM = 32 * 1024;
    /** Less room than this is not worth a frame. */
    private static final int MIN_ROOM = 1024;

    private final FrameWriter writer;
    private final ArrayDeque<H2Stream> waiting = new ArrayDeque<>();
    private long window = Frame.DEFAULT_WINDOW;
    private @Nullable H2Stream served;
    private int quantum;

    Sending(FrameWriter writer) {
        this.writer = writer;
    }

    /** Opens the connection's window; false if it grows past what can be. */
    boolean grow(int increment) {
        window += increment;
        return window <= Frame.MAX_WINDOW;
    }

    /** Puts what the windows, the room and fairness allow; returns how much. */
    int send(H2Stream stream, ByteBuffer from) {
        boolean turn = stream.equals(served);
        if (!turn && !waiting.isEmpty()) {
            park(stream);
            return 0;
        }
        int taken = 0;
        while (from.hasRemaining()) {
            int room = room();
            int allowed = turn ? Math.min(room, quantum) : room;
            if (allowed <= 0) {
                park(stream);
                break;
            }
            if (stream.sendWindow() <= 0) {
                stream.waitForWindow();
                break;
            }
            int length =
                    Math.min(Math.min(allowed, from.remaining()), Math.min(stream.sendWindow(), Frame.MAX_PAYLOAD));
            writer.data(stream.id(), from, length, false);
            stream.sent(length);
            window -= length;
            quantum -= length;
            taken += length;
        }
        return taken;
    }

    private int room() {
        int room = writer.dataRoom();
        return room < MIN_ROOM ? 0 : (int) Math.min(room, window);
    }

    private void park(H2Stream stream) {
        if (stream.park()) {
            waiting.add(stream);
        }
    }

    /** Lets those who wait put more while there is room; returns whether there is something to write. */
    boolean serve() {
        while (!waiting.isEmpty() && room() > 0) {
            H2Stream stream = waiting.removeFirst();
            quantum = waiting.isEmpty() ? Integer.MAX_VALUE : QUANTUM;
            served = stream;
            try {
                stream.unpark();
            } finally {
                served = null;
            }
        }
        return !writer.isEmpty();
    }
}
