package dev.exeat.flow;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** Standard output or standard error, unbuffered; it is never closed. */
final class StandardStream implements LineSink {
    // The descriptors are the process's, so what keeps two writers' lines apart is so too.
    private static final ReentrantLock OUTPUT = new ReentrantLock();
    private static final ReentrantLock ERROR = new ReentrantLock();

    private final FileOutputStream stream;
    private final ReentrantLock turn;

    private StandardStream(FileDescriptor descriptor, ReentrantLock turn) {
        this.stream = new FileOutputStream(descriptor);
        this.turn = turn;
    }

    static StandardStream output() {
        return new StandardStream(FileDescriptor.out, OUTPUT);
    }

    static StandardStream error() {
        return new StandardStream(FileDescriptor.err, ERROR);
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        turn.lock();
        try {
            stream.write(lines, 0, length);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        // Shared with the rest of the process.
    }
}
