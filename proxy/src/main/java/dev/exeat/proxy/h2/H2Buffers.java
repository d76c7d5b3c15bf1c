package dev.exeat.proxy.h2;

import dev.exeat.net.IoBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The buffers that the connections of one event loop share, so that an idle connection holds none. Confined to the
 * loop's thread.
 */
final class H2Buffers {
    private static final int SCRATCH = 64 * 1024;
    /** Room for four full DATA frames, and for control frames behind them. */
    static final int OUTPUT = 80 * 1024;

    private static final int MAX_KEPT = 16;

    private final ArrayDeque<IoBuffer> scratch = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> outputs = new ArrayDeque<>();

    /** A buffer for one reading, to be given back at its end. */
    IoBuffer takeScratch() {
        IoBuffer free = scratch.poll();
        return free == null ? IoBuffer.allocate(SCRATCH) : free;
    }

    void giveScratch(IoBuffer buffer) {
        if (scratch.size() < 2) {
            scratch.push(buffer);
        }
    }

    /** An empty buffer of {@link #OUTPUT} octets. */
    ByteBuffer takeOutput() {
        ByteBuffer free = outputs.poll();
        return free == null ? ByteBuffer.allocateDirect(OUTPUT) : free;
    }

    void giveOutput(ByteBuffer buffer) {
        if (outputs.size() < MAX_KEPT && buffer.capacity() == OUTPUT) {
            outputs.push(buffer.clear());
        }
    }
}
