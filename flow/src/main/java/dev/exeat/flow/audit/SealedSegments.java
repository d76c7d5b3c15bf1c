package dev.exeat.flow.audit;

import dev.exeat.flow.LineSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines into segments that are chained and sealed: each second in which lines came, a signed checkpoint says what
 * there is. Each start, and each process, begins a segment of its own, so that two may write side by side while one takes
 * over from the other. Their owner alone can read the files. Used by one thread.
 */
public final class SealedSegments implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(SealedSegments.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration COMPLAIN = Duration.ofMinutes(1);
    private static final FileAttribute<?> OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final SegmentFiles files;
    private final Limits limits;
    private final SigningKey.Source keys;
    private final InstantSource clock;
    private @Nullable Open open;
    private Instant complained = Instant.MIN;

    /**
     * How much is kept.
     *
     * @param octets after which a segment is ended
     * @param age after which ended segments are deleted; zero for never
     */
    public record Limits(long octets, Duration age) {}

    /** The segment that is being written. */
    private static final class Open {
        private final long number;
        private final Checkpoint.@Nullable Link previous;
        private final FileChannel lines;
        private final FileChannel seal;
        private final MessageDigest digest = Checkpoint.sha256();
        private long count;
        private long octets;
        private long sealed = -1;
        private Instant sealedAt;
        private List<byte[]> chain = List.of();

        Open(long number, Checkpoint.@Nullable Link previous, FileChannel lines, FileChannel seal, Instant now) {
            this.number = number;
            this.previous = previous;
            this.lines = lines;
            this.seal = seal;
            this.sealedAt = now;
            digest.update(Checkpoint.beginning(number, previous));
        }
    }

    /** @param directory made where it is not there */
    public SealedSegments(Path directory, Limits limits, SigningKey.Source keys, InstantSource clock) {
        this.files = new SegmentFiles(directory);
        this.limits = limits;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Begins a segment.
     *
     * @throws IOException if the directory cannot be written
     */
    public void prepare() throws IOException {
        Files.createDirectories(
                files.directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        open();
    }

    @Override
    public void write(byte[] text, int length) throws IOException {
        Open segment = open();
        if (segment.octets > 0 && segment.octets + length > limits.octets()) {
            end(segment);
            segment = open();
        }
        append(segment, text, length);
        segment.digest.update(text, 0, length);
        segment.octets += length;
        for (int i = 0; i < length; i++) {
            segment.count += text[i] == '\n' ? 1 : 0;
        }
        if (!clock.instant().isBefore(segment.sealedAt.plus(PACE))) {
            seal(segment, false);
        }
    }

    /** Takes a part that was written back, so that what was counted and hashed is what is there. */
    private static void append(Open segment, byte[] text, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(text, 0, length);
        try {
            while (buffer.hasRemaining()) {
                segment.lines.write(buffer);
            }
        } catch (IOException e) {
            segment.lines.truncate(segment.octets);
            throw e;
        }
    }

    @Override
    public void settle() throws IOException {
        Open segment = open;
        if (segment != null && segment.octets > segment.sealed) {
            seal(segment, false);
        }
    }

    /** Without a signature there is no checkpoint: what it would say is in the next one. */
    private void seal(Open segment, boolean last) throws IOException {
        byte[] hash;
        try {
            hash = ((MessageDigest) segment.digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of the JDK can be cloned", e);
        }
        Instant now = clock.instant();
        segment.sealedAt = now;
        try {
            SigningKey key = keys.current();
            boolean known = isSame(key.chainDer(), segment.chain);
            Checkpoint checkpoint = new Checkpoint(
                    segment.number,
                    segment.previous,
                    segment.count,
                    segment.octets,
                    hash,
                    now,
                    last,
                    known ? List.of() : key.chainDer());
            byte[] signature = CheckpointSignatures.sign(key.key(), checkpoint.text());
            append(segment.seal, Checkpoint.line(checkpoint.text(), signature));
            segment.chain = key.chainDer();
        } catch (GeneralSecurityException e) {
            complain(now, e);
            return;
        }
        segment.sealed = segment.octets;
        segment.digest.reset();
        segment.digest.update(hash);
    }

    private static void append(FileChannel seal, byte[] line) throws IOException {
        long before = seal.size();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                seal.write(buffer);
            }
        } catch (IOException e) {
            seal.truncate(before);
            throw e;
        }
    }

    private static boolean isSame(List<byte[]> some, List<byte[]> others) {
        return some.size() == others.size() && Arrays.deepEquals(some.toArray(), others.toArray());
    }

    private void complain(Instant now, GeneralSecurityException e) {
        if (!now.isBefore(complained.plus(COMPLAIN))) {
            complained = now;
            LOG.atWarn()
                    .addKeyValue("directory", files.directory())
                    .addKeyValue("cause", e.toString())
                    .log("audit records are written but not sealed; the gateway needs a key that signs");
        }
    }

    private Open open() throws IOException {
        Open found = open;
        if (found != null) {
            return found;
        }
        SortedSet<Long> segments = files.segments();
        for (long number = segments.isEmpty() ? 1 : segments.last() + 1; ; number++) {
            try {
                FileChannel lines = FileChannel.open(
                        files.lines(number), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND), OWNER);
                FileChannel seal = FileChannel.open(
                        files.seal(number), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND), OWNER);
                Open fresh = new Open(number, lastSealed(segments), lines, seal, clock.instant());
                open = fresh;
                return fresh;
            } catch (FileAlreadyExistsException e) {
                // Another process was quicker.
            }
        }
    }

    /** The newest checkpoint of the newest segment that has one. */
    private Checkpoint.@Nullable Link lastSealed(SortedSet<Long> segments) throws IOException {
        for (long segment : segments.reversed()) {
            List<Checkpoint> checkpoints = new ArrayList<>();
            SealReader.each(files.seal(segment), (signed, _) -> checkpoints.add(signed.checkpoint()), _ -> {});
            if (!checkpoints.isEmpty()) {
                return new Checkpoint.Link(segment, checkpoints.getLast().hexHash());
            }
        }
        return null;
    }

    private void end(Open segment) throws IOException {
        try {
            seal(segment, true);
        } finally {
            open = null;
            segment.lines.close();
            segment.seal.close();
        }
        deleteOld();
    }

    private void deleteOld() throws IOException {
        if (limits.age().isZero()) {
            return;
        }
        Instant oldest = clock.instant().minus(limits.age());
        for (long segment : files.segments()) {
            // Of the two files the checkpoints are written last.
            Path seal = files.seal(segment);
            if (!Files.exists(seal)
                    || !Files.getLastModifiedTime(seal).toInstant().isBefore(oldest)) {
                return;
            }
            Files.deleteIfExists(files.lines(segment));
            Files.delete(seal);
        }
    }

    @Override
    public void close() throws IOException {
        Open segment = open;
        if (segment != null) {
            end(segment);
        }
    }
}
