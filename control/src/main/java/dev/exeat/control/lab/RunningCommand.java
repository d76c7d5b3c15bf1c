package dev.exeat.control.lab;

import java.io.IOException;

/** A program that runs in a pod. Each stream is used by one thread at a time; the rest is safe for any thread. */
public interface RunningCommand {
    /** Standard output, and in a terminal all output; fills the start of the buffer, -1 at the end. */
    int readOutput(byte[] buffer) throws IOException;

    /** Standard error; -1 at the end, and at once in a terminal. */
    int readError(byte[] buffer) throws IOException;

    /** Writes to standard input. */
    void write(byte[] input) throws IOException;

    /** Nothing more comes on standard input. Without effect in a terminal. */
    void endInput() throws IOException;

    /** The size of the terminal; without one nothing happens. */
    void resize(int columns, int rows);

    /** Waits for the program's end: its exit code, or 128 and the number of the signal that ended it. */
    int await() throws InterruptedException;

    /** The program is over: what it printed can still be read, and then the streams end where that can be brought about. */
    void finish();

    /** Ends the program and those that it started. */
    void kill();
}
