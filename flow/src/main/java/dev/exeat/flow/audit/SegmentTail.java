package dev.exeat.flow.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A new file to whose end pieces are added, each whole or not at all. Its owner alone can read it. Used by one thread. */
final class SegmentTail implements AutoCloseable {
    private static final FileAttribute<?> OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final SeekableByteChannel file;
    private long octets;
    private boolean torn;

    /** Makes files. */
    @FunctionalInterface
    interface Maker {
        /** @throws java.nio.file.FileAlreadyExistsException if there is one */
        SeekableByteChannel make(Path path) throws IOException;
    }

    SegmentTail(SeekableByteChannel file) {
        this.file = file;
    }

    /** A new one that can be written at its end. */
    static SeekableByteChannel make(Path path) throws IOException {
        return Files.newByteChannel(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND), OWNER);
    }

    void append(byte[] text, int length) throws IOException {
        mend();
        torn = true;
        ByteBuffer buffer = ByteBuffer.wrap(text, 0, length);
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        torn = false;
        octets += length;
    }

    /** Whether the last piece was not added. A part of it may be there until {@link #mend}. */
    boolean isTorn() {
        return torn;
    }

    /** Takes away the part of a piece that could not be added whole. */
    void mend() throws IOException {
        if (torn) {
            file.truncate(octets);
        }
    }

    /** Whether that was possible. */
    boolean isMended() {
        try {
            mend();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    long octets() {
        return octets;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
