package dev.exeat.flow;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Standard output or standard error, unbuffered; it is never closed. */
final class StandardStream implements LineSink {
    private final FileOutputStream stream;

    private StandardStream(FileDescriptor descriptor) {
        this.stream = new FileOutputStream(descriptor);
    }

    static StandardStream output() {
        return new StandardStream(FileDescriptor.out);
    }

    static StandardStream error() {
        return new StandardStream(FileDescriptor.err);
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        stream.write(lines, 0, length);
    }

    @Override
    public void close() {
        // Shared with the rest of the process.
    }
}
