package dev.exeat.flow.audit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether segments that {@link SealedSegments} wrote are as they were written. Reads all of them once, and holds a piece
 * of one and a link for each. What it cannot tell: whether the newest segment, or checkpoints at the end of one that was not
 * ended in order, have been cut off; for that, keep the newest checkpoint elsewhere. Not thread-safe.
 */
public final class AuditVerifier {
    private static final int PIECE = 64 * 1024;

    private final SegmentFiles files;
    private final SignatureCheck signatures;
    private final List<Finding> findings = new ArrayList<>();
    /** Segments that have a checkpoint; what a process that runs writes into others meanwhile is passed over. */
    private final Set<Long> begun = new HashSet<>();
    /** Checkpoints that these go on from. */
    private final Set<Checkpoint.Link> links = new HashSet<>();
    /** Those of them that are there. */
    private final Set<Checkpoint.Link> found = new HashSet<>();

    private long first;
    private long segments;
    private long lines;
    private long checkpoints;
    private @Nullable Checkpoint newest;

    /** What a finding says of the records. */
    public enum Kind {
        /** Something was changed. */
        ALTERED,
        /** Whether something was changed cannot be told. */
        UNKNOWN,
        /** Nothing was changed, but not all can be known. */
        NOTE
    }

    /** What is wrong with a signature, or cannot be told of it. */
    public record Doubt(Kind kind, String message) {}

    /** Judges who signed. */
    @FunctionalInterface
    public interface SignatureCheck {
        /**
         * What is to say against a signature; null if it proves that the gateway made the checkpoint.
         *
         * @param chainDer of the key, the leaf first
         * @param at when it was signed, as the checkpoint says
         */
        @Nullable
        Doubt doubt(List<byte[]> chainDer, Instant at, byte[] text, byte[] signature);
    }

    /** Something to know of a segment. */
    public record Finding(Kind kind, long segment, String message) {}

    /**
     * What was found.
     *
     * @param lines that are sealed by checkpoints of whose signatures there is no doubt
     * @param checkpoints the number of those
     * @param newest of them; null if there is none
     */
    public record Result(
            long segments,
            long lines,
            long checkpoints,
            @Nullable Checkpoint newest,
            List<Finding> findings) {
        public boolean has(Kind kind) {
            return findings.stream().anyMatch(finding -> finding.kind() == kind);
        }
    }

    private AuditVerifier(SegmentFiles files, SignatureCheck signatures) {
        this.files = files;
        this.signatures = signatures;
    }

    /** @throws IOException if files cannot be read */
    public static Result verify(Path directory, SignatureCheck signatures) throws IOException {
        AuditVerifier verifier = new AuditVerifier(new SegmentFiles(directory), signatures);
        return verifier.verify();
    }

    private Result verify() throws IOException {
        SortedSet<Long> present = files.segments();
        first = present.isEmpty() ? 0 : present.first();
        long expected = first;
        if (expected > 1) {
            note(expected, "the segments before are not here: deleted for their age, or by somebody");
        }
        for (long segment : present) {
            gatherLink(segment);
        }
        for (long segment : present) {
            if (expected < segment) {
                altered(
                        expected,
                        segment - expected == 1
                                ? "the segment is missing"
                                : "the segments up to " + (segment - 1) + " are missing");
            }
            expected = segment + 1;
            segments++;
            new Reading(segment).read();
        }
        return new Result(segments, lines, checkpoints, newest, List.copyOf(findings));
    }

    private void gatherLink(long segment) throws IOException {
        try (SealReader reader = SealReader.open(files.seal(segment))) {
            Checkpoint.Signed start = reader.next();
            if (start != null) {
                begun.add(segment);
                if (start.checkpoint().previous() != null) {
                    links.add(start.checkpoint().previous());
                }
            }
        }
    }

    private void altered(long segment, String message) {
        findings.add(new Finding(Kind.ALTERED, segment, message));
    }

    private void note(long segment, String message) {
        findings.add(new Finding(Kind.NOTE, segment, message));
    }

    /** Goes through one segment. */
    private final class Reading {
        private final long segment;
        private final byte[] piece = new byte[PIECE];
        private byte[] hash = {};
        private long at;
        private long count;
        private List<byte[]> chain = List.of();
        private boolean ended;
        private boolean broken;
        private boolean doubted;

        Reading(long segment) {
            this.segment = segment;
        }

        void read() throws IOException {
            Path path = files.lines(segment);
            if (!Files.exists(path)) {
                altered(segment, "its records are missing, its checkpoints are there");
                return;
            }
            try (SealReader reader = SealReader.open(files.seal(segment));
                    InputStream in = new BufferedInputStream(Files.newInputStream(path), PIECE)) {
                for (Checkpoint.Signed signed = reader.next(); signed != null; signed = reader.next()) {
                    if (begun.contains(segment)) {
                        checkpoint(signed, in);
                    }
                }
                if (!reader.problem().isEmpty()) {
                    altered(segment, reader.problem());
                }
                rest(in);
            }
            if (!ended && !broken) {
                note(segment, "it was not ended in order: its process runs still, or was killed");
            }
        }

        /** What follows a break tells nothing of records, but later segments may go on from it. */
        private void checkpoint(Checkpoint.Signed signed, InputStream in) throws IOException {
            Checkpoint checkpoint = signed.checkpoint();
            String where = "records " + (count + 1) + " to " + checkpoint.lines() + ": ";
            long from = count;
            Doubt doubt = doubt(signed);
            boolean forged = doubt != null && doubt.kind() == Kind.ALTERED;
            Checkpoint.Link link = new Checkpoint.Link(segment, checkpoint.hexHash());
            if (!forged && links.contains(link)) {
                found.add(link);
            }
            if (broken) {
                return;
            }
            String problem = doubt != null && forged ? doubt.message() : problem(checkpoint, in);
            if (!problem.isEmpty()) {
                broken = true;
                altered(segment, where + problem);
                return;
            }
            ended = checkpoint.last();
            if (doubt != null) {
                tell(doubt, where);
                return;
            }
            checkpoints++;
            lines += checkpoint.lines() - from;
            if (newest == null || !checkpoint.time().isBefore(newest.time())) {
                newest = checkpoint;
            }
        }

        /** Whoever signed, what he signed can be held against the records; of him it is said once. */
        private void tell(Doubt doubt, String where) {
            if (!doubted) {
                doubted = true;
                findings.add(new Finding(doubt.kind(), segment, where + doubt.message()));
            }
        }

        private @Nullable Doubt doubt(Checkpoint.Signed signed) {
            Checkpoint checkpoint = signed.checkpoint();
            if (checkpoint.segment() != segment) {
                return new Doubt(Kind.ALTERED, "the checkpoint is one of segment " + checkpoint.segment());
            }
            chain = checkpoint.chainDer().isEmpty() ? chain : checkpoint.chainDer();
            return signatures.doubt(chain, checkpoint.time(), signed.text(), signed.signature());
        }

        /** What is wrong; empty if nothing is. */
        private String problem(Checkpoint checkpoint, InputStream in) throws IOException {
            if (ended) {
                return "there are checkpoints after the last one";
            }
            if (hash.length == 0) {
                String link = linkProblem(checkpoint.previous());
                if (!link.isEmpty()) {
                    return link;
                }
                hash = Checkpoint.beginning(segment, checkpoint.previous());
            }
            return checkpoint.octets() >= at && advance(checkpoint, in)
                    ? ""
                    : "records have been altered, added or taken away";
        }

        /** A segment that is begun while no other is sealed goes on from nothing, and is signed to do so. */
        private String linkProblem(Checkpoint.@Nullable Link previous) {
            if (previous == null || previous.segment() < first) {
                return "";
            }
            return found.contains(previous)
                    ? ""
                    : "it goes on from a checkpoint that segment " + previous.segment() + " does not have";
        }

        /** Hashes on to the checkpoint; false if what is there is not what it says. */
        private boolean advance(Checkpoint checkpoint, InputStream in) throws IOException {
            MessageDigest digest = Checkpoint.sha256();
            digest.update(hash);
            long left = checkpoint.octets() - at;
            while (left > 0) {
                int read = in.read(piece, 0, (int) Math.min(piece.length, left));
                if (read < 0) {
                    return false;
                }
                digest.update(piece, 0, read);
                left -= read;
                count += lineFeeds(read);
            }
            at = checkpoint.octets();
            hash = digest.digest();
            return Arrays.equals(hash, checkpoint.hash()) && count == checkpoint.lines();
        }

        private int lineFeeds(int length) {
            int found = 0;
            for (int i = 0; i < length; i++) {
                found += piece[i] == '\n' ? 1 : 0;
            }
            return found;
        }

        private void rest(InputStream in) throws IOException {
            if (broken) {
                return;
            }
            long unsealed = 0;
            long octets = 0;
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                unsealed += lineFeeds(read);
                octets += read;
            }
            if (octets > 0 && ended) {
                altered(segment, unsealed + " records stand behind the end of the segment");
            } else if (octets > 0) {
                note(segment, unsealed + " records at its end are not sealed: nothing is known of them");
            }
        }
    }
}
