package dev.exeat.flow;

import java.io.IOException;

/** Where lines go. Used by one writer thread alone. */
public interface LineSink {
    /** Writes whole lines; opens what must be opened first. */
    void write(byte[] lines, int length) throws IOException;

    /** No line waits, and none has come for a second. */
    default void settle() throws IOException {}

    /** The next write opens anew. */
    void close() throws IOException;
}
