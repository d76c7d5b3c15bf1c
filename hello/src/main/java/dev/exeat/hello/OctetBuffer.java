package dev.exeat.hello;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Octets as they arrive, in one array that doubles when it is full, so that appending is linear in all. */
final class OctetBuffer {
    private static final int FIRST = 512;
    private static final byte[] NONE = {};

    private byte[] octets = NONE;
    private int size;
    private long moved;

    /** Appends all of {@code bytes}. */
    void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (count > octets.length - size) {
            int needed = Math.addExact(size, count);
            octets = Arrays.copyOf(octets, Math.max(Math.max(FIRST, needed), octets.length * 2));
            moved += size;
        }
        bytes.get(octets, size, count);
        size += count;
    }

    int at(int index) {
        return octets[index] & 0xff;
    }

    /** The array itself; octets from {@link #size()} on mean nothing. */
    byte[] array() {
        return octets;
    }

    byte[] toArray() {
        return Arrays.copyOf(octets, size);
    }

    int size() {
        return size;
    }

    /** How many octets growth has copied in all. */
    long moved() {
        return moved;
    }
}
