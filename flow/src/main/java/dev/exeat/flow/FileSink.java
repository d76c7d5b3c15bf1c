package dev.exeat.flow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file that is appended to, and where asked for, set aside by size and by age. */
final class FileSink implements LineSink {

    /**
     * When a file is set aside, and how long those are kept.
     *
     * @param octets size at which a new file is begun; 0 for never
     * @param age after which files set aside are deleted; zero for never
     * @param files how many set aside are kept; 0 for all
     */
    record Rotation(long octets, Duration age, int files) {
        static final Rotation NONE = new Rotation(0, Duration.ZERO, 0);
    }

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path path;
    private final Rotation rotation;
    private final InstantSource clock;
    private @Nullable FileChannel channel;
    private long size;

    FileSink(Path path, Rotation rotation, InstantSource clock) {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        if (rotation.octets > 0 && size > 0 && size + length > rotation.octets) {
            setAside();
        }
        FileChannel open = open();
        ByteBuffer buffer = ByteBuffer.wrap(lines, 0, length);
        while (buffer.hasRemaining()) {
            size += open.write(buffer);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            open = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            channel = open;
            size = Files.isRegularFile(path) ? open.size() : 0;
        }
        return open;
    }

    private void setAside() throws IOException {
        close();
        Path aside = path.resolveSibling(path.getFileName() + "." + STAMP.format(clock.instant()));
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        deleteOld();
    }

    private void deleteOld() throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        String prefix = path.getFileName() + ".";
        List<Path> aside;
        try (Stream<Path> siblings = Files.list(parent)) {
            aside = siblings.filter(p -> p.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
        Instant oldest = rotation.age.isZero() ? Instant.MIN : clock.instant().minus(rotation.age);
        for (int i = 0; i < aside.size(); i++) {
            boolean tooMany = rotation.files > 0 && i < aside.size() - rotation.files;
            if (tooMany || Files.getLastModifiedTime(aside.get(i)).toInstant().isBefore(oldest)) {
                Files.deleteIfExists(aside.get(i));
            }
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        size = 0;
        if (open != null) {
            open.close();
        }
    }
}
