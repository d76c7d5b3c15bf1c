package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A native buffer whose address is known, so that the data path allocates nothing to make a system call. */
public final class IoBuffer {
    private final ByteBuffer bytes;
    private final MemorySegment memory;
    private final long address;

    private IoBuffer(MemorySegment memory) {
        this.bytes = memory.asByteBuffer();
        this.memory = memory;
        this.address = memory.address();
    }

    /** A buffer that lives as long as the arena. */
    public static IoBuffer allocate(Arena arena, int size) {
        return new IoBuffer(arena.allocate(size, 64));
    }

    /** A buffer that lives as long as something refers to it. */
    public static IoBuffer allocate(int size) {
        return allocate(Arena.ofAuto(), size);
    }

    /** The view on the memory; its position and limit say what is to be read or written. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /**
     * The address of index 0, for native code, which asks nobody whether the memory is still there.
     *
     * @throws IllegalStateException if the arena of the buffer is closed
     */
    long address() {
        requireAlive(memory);
        return address;
    }

    /** As {@link #address}, of a direct buffer that a caller gave: of its position. */
    static long addressOf(ByteBuffer direct) {
        MemorySegment memory = MemorySegment.ofBuffer(direct);
        requireAlive(memory);
        return memory.address();
    }

    private static void requireAlive(MemorySegment memory) {
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("the memory of the buffer is released");
        }
    }
}
