package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The small native places that system calls of one loop need, allocated once. */
final class NativeScratch {
    /** A sockaddr_in6 is the largest address used. */
    static final int ADDRESS = 28;

    private final MemorySegment event;
    private final MemorySegment address;
    private final MemorySegment length;
    private final MemorySegment option;
    private final IoBuffer out;
    private final IoBuffer cipherIn;
    private final IoBuffer cipherOut;

    NativeScratch(Arena arena) {
        this.event = arena.allocate(16, 8);
        this.address = arena.allocate(ADDRESS, 8);
        this.length = arena.allocate(8, 8);
        this.option = arena.allocate(16, 8);
        this.out = IoBuffer.allocate(arena, EventLoop.SCRATCH);
        this.cipherIn = IoBuffer.allocate(arena, EventLoop.SCRATCH);
        this.cipherOut = IoBuffer.allocate(arena, EventLoop.SCRATCH + 8 * 1024);
    }

    MemorySegment event() {
        return event;
    }

    MemorySegment address() {
        return address;
    }

    MemorySegment length() {
        return length;
    }

    MemorySegment option() {
        return option;
    }

    /** For bytes on their way from the Java heap to a socket. */
    IoBuffer out() {
        return out;
    }

    IoBuffer cipherIn() {
        return cipherIn;
    }

    IoBuffer cipherOut() {
        return cipherOut;
    }
}
