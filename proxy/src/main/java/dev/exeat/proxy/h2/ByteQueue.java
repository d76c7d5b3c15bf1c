package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Octets that wait for their reader, in chunks that small pieces share, so that memory follows what they hold. */
final class ByteQueue {
    private static final int MIN_CHUNK = 512;
    private static final int MAX_CHUNK = 16 * 1024;

    /** Each from its position (read so far) to its limit (written so far). */
    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>(2);

    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Takes all of the piece. */
    void add(ByteBuffer piece) {
        size += piece.remaining();
        while (piece.hasRemaining()) {
            ByteBuffer tail = chunks.peekLast();
            if (tail == null || tail.limit() == tail.capacity()) {
                int previous = tail == null ? 0 : tail.capacity();
                int capacity = Math.clamp(Math.max(piece.remaining(), previous * 2L), MIN_CHUNK, MAX_CHUNK);
                tail = ByteBuffer.allocate(capacity).limit(0);
                chunks.addLast(tail);
            }
            int length = Math.min(piece.remaining(), tail.capacity() - tail.limit());
            int at = tail.limit();
            tail.limit(at + length);
            tail.put(at, piece, piece.position(), length);
            piece.position(piece.position() + length);
        }
    }

    /** Moves as much as fits; returns how much. */
    int moveTo(ByteBuffer into) {
        int moved = 0;
        while (into.hasRemaining() && !chunks.isEmpty()) {
            ByteBuffer head = chunks.getFirst();
            int length = Math.min(into.remaining(), head.remaining());
            into.put(into.position(), head, head.position(), length);
            into.position(into.position() + length);
            head.position(head.position() + length);
            moved += length;
            if (!head.hasRemaining()) {
                chunks.removeFirst();
            }
        }
        size -= moved;
        return moved;
    }

    void clear() {
        chunks.clear();
        size = 0;
    }
}
