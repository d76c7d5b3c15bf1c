package dev.exeat.flow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is appended to, and where asked for, set aside by size or age. A file that somebody moves or deletes is begun
 * anew within a second. What could be written of a batch only in part is taken back, so that no later line joins half
 * a line. Used by one thread, but for {@link #rotate}.
 */
final class FileSink implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration ROTATE_AGAIN = Duration.ofMinutes(1);
    private static final byte[] LINE_FEED = {'\n'};

    private final Path path;
    private final InstantSource clock;
    private final FileAttribute<?>[] attributes;
    private volatile Rotation rotation;
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private boolean regular;
    private long size;
    private boolean torn;
    private Instant begun = Instant.MIN;
    private Instant looked = Instant.MIN;
    private Instant rotateAgain = Instant.MIN;

    /** @param attributes of the file where it is made; by default as the process makes files */
    FileSink(Path path, Rotation rotation, InstantSource clock, FileAttribute<?>... attributes) {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
        this.attributes = attributes.clone();
    }

    /** Makes the file and its directory where they are not there. */
    void prepare() throws IOException {
        channel = open();
    }

    /** Rotates by other limits from the next line on. */
    void rotate(Rotation by) {
        rotation = by;
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        FileChannel open = open();
        if (regular && isDue(length)) {
            setAside();
            open = open();
        }
        if (torn) {
            append(open, LINE_FEED, 1);
            torn = false;
        }
        append(open, lines, length);
    }

    private boolean isDue(int more) {
        Instant now = clock.instant();
        if (size == 0) {
            begun = now;
        }
        return rotation.isDue(size, more, begun, now) && !now.isBefore(rotateAgain);
    }

    /** A file that can't be set aside grows on: a line too many is better than a line lost. */
    private void setAside() throws IOException {
        close();
        Instant now = clock.instant();
        try {
            rotation.setAside(path, now);
        } catch (IOException e) {
            rotateAgain = now.plus(ROTATE_AGAIN);
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", e.toString())
                    .log("a log file could not be set aside, and grows on; let the program write to its directory");
        }
    }

    private void append(FileChannel open, byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        try {
            while (buffer.hasRemaining()) {
                open.write(buffer);
            }
            size += length;
        } catch (IOException e) {
            if (buffer.position() > 0) {
                takeBack(open, buffer.position());
            }
            throw e;
        }
    }

    private void takeBack(FileChannel open, int part) throws IOException {
        torn = true;
        // Somebody else's lines at the end, of a file that is shared, are not ours to cut off.
        if (regular && open.size() == size + part) {
            open.truncate(size);
            torn = false;
        }
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open != null && isStillThere()) {
            return open;
        }
        close();
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        open = FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), attributes);
        channel = open;
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        regular = found.isRegularFile();
        identity = found.fileKey();
        size = regular ? open.size() : 0;
        begun = found.creationTime().toInstant();
        looked = clock.instant();
        return open;
    }

    /** Looks at most once a second, for a look is a system call. */
    private boolean isStillThere() throws IOException {
        Instant now = clock.instant();
        if (identity == null || (!now.isBefore(looked) && now.isBefore(looked.plus(LOOK_AGAIN)))) {
            return true;
        }
        looked = now;
        try {
            return identity.equals(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
