package dev.exeat.flow.audit;

import dev.exeat.flow.LineSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
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

    private final SegmentFiles files;
    private final Limits limits;
    private final SigningKey.Source keys;
    private final InstantSource clock;
    private final SegmentTail.Maker maker;
    private @Nullable Open open;
    /** Of the segment begun last. */
    private long number;
    /** What the next segment goes on from. */
    private Checkpoint.@Nullable Link newest;

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
        private final SegmentTail lines;
        private final SegmentTail seal;
        private final MessageDigest digest = Checkpoint.sha256();
        private long count;
        private long sealed = -1;
        private Instant sealedAt;
        private List<byte[]> chain = List.of();

        Open(long number, Checkpoint.@Nullable Link previous, SegmentTail lines, SegmentTail seal, Instant now) {
            this.number = number;
            this.previous = previous;
            this.lines = lines;
            this.seal = seal;
            this.sealedAt = now;
            digest.update(Checkpoint.beginning(number, previous));
        }

        void append(byte[] text, int length) throws IOException {
            lines.append(text, length);
            digest.update(text, 0, length);
            for (int i = 0; i < length; i++) {
                count += text[i] == '\n' ? 1 : 0;
            }
        }
    }

    /** @param directory made where it is not there */
    public SealedSegments(Path directory, Limits limits, SigningKey.Source keys, InstantSource clock) {
        this(directory, limits, keys, clock, SegmentTail::make);
    }

    SealedSegments(
            Path directory, Limits limits, SigningKey.Source keys, InstantSource clock, SegmentTail.Maker maker) {
        this.maker = maker;
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
        if (segment.lines.octets() > 0 && segment.lines.octets() + length > limits.octets()) {
            end(segment);
            segment = open();
        }
        segment.append(text, length);
        if (!clock.instant().isBefore(segment.sealedAt.plus(PACE))) {
            seal(segment, false);
        }
    }

    @Override
    public void settle() {
        Open segment = open;
        if (segment != null) {
            sealRest(segment);
        }
    }

    private void sealRest(Open segment) {
        if (segment.lines.octets() > segment.sealed) {
            seal(segment, false);
        }
    }

    /**
     * False if there is no checkpoint, for want of a key or of room: what it would say is in the next one. The lines are there all
     * the same, hence it is no failure to write them.
     */
    private boolean seal(Open segment, boolean last) {
        byte[] hash;
        try {
            hash = ((MessageDigest) segment.digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of the JDK can be cloned", e);
        }
        Instant now = clock.instant();
        segment.sealedAt = now;
        try {
            segment.lines.mend();
            SigningKey key = keys.current();
            boolean known = isSame(key.chainDer(), segment.chain);
            Checkpoint checkpoint = new Checkpoint(
                    segment.number,
                    segment.previous,
                    segment.count,
                    segment.lines.octets(),
                    hash,
                    now,
                    last,
                    known ? List.of() : key.chainDer());
            byte[] line = Checkpoint.line(checkpoint.text(), CheckpointSignatures.sign(key.key(), checkpoint.text()));
            segment.seal.append(line, line.length);
            segment.chain = key.chainDer();
            newest = new Checkpoint.Link(segment.number, checkpoint.hexHash());
        } catch (GeneralSecurityException | IOException e) {
            complain(segment, now, e);
            return false;
        }
        segment.sealed = segment.lines.octets();
        segment.digest.reset();
        segment.digest.update(hash);
        return true;
    }

    private static boolean isSame(List<byte[]> some, List<byte[]> others) {
        return some.size() == others.size() && Arrays.deepEquals(some.toArray(), others.toArray());
    }

    private void complain(Open segment, Instant now, Exception e) {
        if (segment.lines.octets() > 0 && !now.isBefore(complained.plus(COMPLAIN))) {
            complained = now;
            LOG.atWarn()
                    .addKeyValue("directory", files.directory())
                    .addKeyValue("cause", e.toString())
                    .log("audit records are written but not sealed; the gateway needs a key that signs, and room");
        }
    }

    private Open open() throws IOException {
        Open found = open;
        if (found != null) {
            return found;
        }
        SortedSet<Long> segments = files.segments();
        if (newest == null) {
            newest = lastSealed(segments);
        }
        // What somebody took out of the directory leaves a gap: neither its number nor its place in the chain is given
        // again.
        for (long next = Math.max(number, segments.isEmpty() ? 0 : segments.last()) + 1; ; next++) {
            if (next > SegmentFiles.LARGEST) {
                throw new IOException("no number is left behind the segment " + (next - 1) + " in " + files.directory()
                        + "; move what is there elsewhere");
            }
            try {
                Open fresh = begin(next);
                number = next;
                open = fresh;
                return fresh;
            } catch (FileAlreadyExistsException e) {
                // Another process was quicker.
            }
        }
    }

    private Open begin(long segment) throws IOException {
        SegmentTail lines = new SegmentTail(maker.make(files.lines(segment)));
        try {
            SegmentTail seal = new SegmentTail(maker.make(files.seal(segment)));
            return new Open(segment, newest, lines, seal, clock.instant());
        } catch (IOException e) {
            lines.close();
            Files.deleteIfExists(files.lines(segment));
            throw e;
        }
    }

    /** The newest checkpoint of the newest segment that has one. */
    private Checkpoint.@Nullable Link lastSealed(SortedSet<Long> segments) throws IOException {
        for (long segment : segments.reversed()) {
            try (SealReader reader = SealReader.open(files.seal(segment))) {
                Checkpoint.Signed last = null;
                for (Checkpoint.Signed next = reader.next(); next != null; next = reader.next()) {
                    last = next;
                }
                if (last != null) {
                    return new Checkpoint.Link(segment, last.checkpoint().hexHash());
                }
            }
        }
        return null;
    }

    /** One that cannot be sealed goes on, so that a checkpoint covers all of it later. */
    private void end(Open segment) throws IOException {
        if (!seal(segment, true)) {
            return;
        }
        try {
            leave(segment);
            deleteOld();
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn()
                    .addKeyValue("directory", files.directory())
                    .addKeyValue("cause", e.toString())
                    .log("a segment could not be closed, or old ones not be deleted; let the program do it");
        }
    }

    private void leave(Open segment) throws IOException {
        open = null;
        try (SegmentTail _ = segment.lines;
                SegmentTail _ = segment.seal) {
            segment.lines.mend();
        }
    }

    private void deleteOld() throws IOException {
        if (limits.age().isZero()) {
            return;
        }
        Instant oldest = clock.instant().minus(limits.age());
        for (long segment : files.segments()) {
            if (!files.lastChange(segment).isBefore(oldest)) {
                return;
            }
            Files.deleteIfExists(files.lines(segment));
            Files.deleteIfExists(files.seal(segment));
        }
    }

    /**
     * Ends the segment. One that did not take its lines goes on with the next try, where it can: on a full disk each try would begin
     * another.
     */
    @Override
    public void close() throws IOException {
        Open segment = open;
        if (segment == null) {
            return;
        }
        if (!segment.lines.isTorn()) {
            end(segment);
        } else if (Files.exists(files.lines(segment.number)) && segment.lines.isMended()) {
            sealRest(segment);
        } else {
            leave(segment);
        }
    }
}
