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
    /** A window that lets through no more than this costs more than it carries. */
    private static final int TINY_WINDOW = 256;
    /** Changes of windows that a peer may make for each frame that it was sent, and for each new stream. */
    private static final int UPDATES_PER_FRAME = 4;

    private static final int MAX_UPDATES = 10_000;

    private final FrameWriter writer;
    private final ArrayDeque<H2Stream> waiting = new ArrayDeque<>();
    private final Runnable tinyWindow;
    private long window = Frame.DEFAULT_WINDOW;
    private int updates = 100;
    private @Nullable H2Stream served;
    private int quantum;

    /** @param tinyWindow told each time that a window of the peer's cuts what is sent to a few octets */
    Sending(FrameWriter writer, Runnable tinyWindow) {
        this.writer = writer;
        this.tinyWindow = tinyWindow;
    }

    /** The peer has a reason for changes of windows. */
    void expectUpdates() {
        updates = Math.min(updates + UPDATES_PER_FRAME, MAX_UPDATES);
    }

    /** A change of a window came; false if nothing that was sent is a reason for it. */
    boolean updated() {
        if (updates > 0) {
            updates--;
            return true;
        }
        return false;
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
            if (length < TINY_WINDOW
                    && length < from.remaining()
                    && (length == stream.sendWindow() || length == window)) {
                tinyWindow.run();
            }
            writer.data(stream.id(), from, length, false);
            expectUpdates();
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
