package dev.exeat.flow.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** A disk on which files of a name have no room: half of what is written is there, and then it fails. */
final class TightDisk implements SegmentTail.Maker {
    String full = "";

    @Override
    public SeekableByteChannel make(Path path) throws IOException {
        SeekableByteChannel file = SegmentTail.make(path);
        return new SeekableByteChannel() {
            @Override
            public int write(ByteBuffer from) throws IOException {
                if (full.isEmpty() || !path.toString().contains(full)) {
                    return file.write(from);
                }
                file.write(from.slice(from.position(), from.remaining() / 2));
                throw new IOException("No space left on device");
            }

            @Override
            public SeekableByteChannel truncate(long size) throws IOException {
                return file.truncate(size);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }

            @Override
            public int read(ByteBuffer into) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long position() {
                throw new UnsupportedOperationException();
            }

            @Override
            public SeekableByteChannel position(long position) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long size() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isOpen() {
                return file.isOpen();
            }
        };
    }
}
