package dev.exeat.flow.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.exeat.flow.audit.AuditVerifier.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What is written is sealed, and whatever is changed of it is found. */
class AuditTest {
    private static final SealedSegments.Limits LIMITS = new SealedSegments.Limits(400, Duration.ofHours(1));

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private KeyPair key;

    @BeforeEach
    void makeKey() throws GeneralSecurityException {
        key = KeyPairGenerator.getInstance("EC").generateKeyPair();
    }

    private SealedSegments segments() throws IOException {
        SealedSegments segments = new SealedSegments(directory, LIMITS, this::signing, () -> now);
        segments.prepare();
        return segments;
    }

    private SigningKey signing() {
        return new SigningKey(key.getPrivate(), List.of(key.getPublic().getEncoded()));
    }

    private static void write(SealedSegments segments, String line) throws IOException {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        segments.write(octets, octets.length);
    }

    private AuditVerifier.Result verified() throws IOException {
        return AuditVerifier.verify(directory, (chain, at, text, signature) -> {
            try {
                return List.of(chain.getFirst()).getFirst().length
                                        == key.getPublic().getEncoded().length
                                && CheckpointSignatures.verify(key.getPublic(), text, signature)
                        ? null
                        : new AuditVerifier.Doubt(Kind.ALTERED, "the signature does not hold");
            } catch (GeneralSecurityException e) {
                return new AuditVerifier.Doubt(Kind.ALTERED, e.toString());
            }
        });
    }

    /** Ten records in several segments, all sealed. */
    private void writeTen() throws IOException {
        SealedSegments segments = segments();
        writeTen(segments);
        segments.close();
    }

    private void writeTen(SealedSegments segments) throws IOException {
        for (int i = 0; i < 10; i++) {
            write(segments, "{\"record\":" + i + ",\"padding\":\"" + "x".repeat(80) + "\"}");
            now = now.plusMillis(400);
        }
    }

    private SealedSegments segments(TightDisk disk) throws IOException {
        SealedSegments segments = new SealedSegments(directory, LIMITS, this::signing, () -> now, disk);
        segments.prepare();
        return segments;
    }

    private List<String> names() throws IOException {
        try (var listed = Files.list(directory)) {
            return listed.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path file(String suffix, int segment) {
        return directory.resolve("records-%010d.%s".formatted(segment, suffix));
    }

    private static void replace(Path file, String old, String fresh) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, fresh), StandardCharsets.ISO_8859_1);
    }

    private List<String> altered() throws IOException {
        return verified().findings().stream()
                .filter(finding -> finding.kind() == Kind.ALTERED)
                .map(finding -> finding.segment() + ": " + finding.message())
                .toList();
    }

    @Test
    void what_was_written_holds_and_is_the_owners_alone() throws IOException {
        writeTen();

        AuditVerifier.Result result = verified();

        assertThat(result.findings()).isEmpty();
        assertThat(result.lines()).isEqualTo(10);
        assertThat(result.segments()).isGreaterThan(2);
        assertThat(Files.readString(file("jsonl", 1)))
                .startsWith("{\"record\":0,")
                .endsWith("\"}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("jsonl", 1))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file("seal", 1)).lines())
                .allSatisfy(line -> assertThat(line).startsWith("{\"version\":1,\"segment\":1,\"lines\":"));
    }

    @Test
    void a_changed_record_is_found_with_its_place() throws IOException {
        writeTen();
        replace(file("jsonl", 2), "\"record\":4", "\"record\":5");

        assertThat(altered())
                .singleElement()
                .asString()
                .startsWith("2: records ")
                .endsWith("records have been altered, added or taken away");
    }

    @Test
    void a_record_that_was_taken_away_is_found() throws IOException {
        writeTen();
        List<String> lines = Files.readAllLines(file("jsonl", 1));
        Files.write(file("jsonl", 1), lines.subList(1, lines.size()));

        assertThat(altered()).singleElement().asString().startsWith("1: records 1 to ");
    }

    @Test
    void what_stands_behind_an_ended_segment_is_found() throws IOException {
        writeTen();
        Files.writeString(file("jsonl", 1), "{\"record\":99}\n", StandardOpenOption.APPEND);

        assertThat(altered()).containsExactly("1: 1 records stand behind the end of the segment");
    }

    @Test
    void a_missing_segment_is_found() throws IOException {
        writeTen();
        Files.delete(file("jsonl", 2));
        assertThat(altered()).first().isEqualTo("2: its records are missing, its checkpoints are there");
        Files.delete(file("seal", 2));
        assertThat(altered())
                .contains("2: the segment is missing")
                .anySatisfy(
                        found -> assertThat(found).contains("goes on from a checkpoint that segment 2 does not have"));
    }

    @Test
    void a_checkpoint_of_another_key_or_with_more_than_was_signed_is_found() throws Exception {
        writeTen();
        replace(file("seal", 1), "\"last\":true", "\"last\":false");
        assertThat(altered()).anySatisfy(found -> assertThat(found).contains("the signature does not hold"));

        makeKey();
        assertThat(altered()).allSatisfy(found -> assertThat(found).doesNotContain("no checkpoint"));
        replace(file("seal", 2), "\"}\n", "\",\"lines\":1}\n");
        assertThat(altered())
                .anySatisfy(
                        found -> assertThat(found).startsWith("2: line 1 of").contains("no checkpoint"));
    }

    @Test
    void segments_cannot_change_places() throws IOException {
        writeTen();
        Path aside = directory.resolve("aside");
        for (String suffix : List.of("jsonl", "seal")) {
            Files.move(file(suffix, 1), aside);
            Files.move(file(suffix, 2), file(suffix, 1));
            Files.move(aside, file(suffix, 2));
        }
        assertThat(altered()).contains("1: records 1 to 3: the checkpoint is one of segment 2");
    }

    @Test
    void what_a_killed_process_left_is_told_and_is_no_change() throws IOException {
        SealedSegments killed = segments();
        write(killed, "{\"record\":0}");
        killed.settle();
        write(killed, "{\"record\":1}");
        Files.writeString(file("seal", 1), "{\"version\":1,\"seg", StandardOpenOption.APPEND);
        SealedSegments next = segments();
        write(next, "{\"record\":2}");
        next.close();

        AuditVerifier.Result result = verified();

        assertThat(altered()).isEmpty();
        assertThat(result.lines()).isEqualTo(2);
        assertThat(result.findings())
                .extracting(AuditVerifier.Finding::message)
                .containsExactly(
                        "1 records at its end are not sealed: nothing is known of them",
                        "it was not ended in order: its process runs still, or was killed");
    }

    @Test
    void two_processes_write_side_by_side_while_one_takes_over() throws IOException {
        SealedSegments old = segments();
        old.settle();
        SealedSegments fresh = segments();
        write(old, "{\"record\":0}");
        write(fresh, "{\"record\":1}");
        old.close();
        write(fresh, "{\"record\":2}");
        fresh.close();

        assertThat(verified().findings()).isEmpty();
        assertThat(verified().lines()).isEqualTo(3);
    }

    @Test
    void a_renewed_certificate_is_in_the_next_checkpoint() throws Exception {
        SealedSegments segments = segments();
        write(segments, "{\"record\":0}");
        segments.settle();
        String first = Files.readString(file("seal", 1));
        write(segments, "{\"record\":1}");
        segments.settle();
        String second = Files.readString(file("seal", 1)).substring(first.length());
        makeKey();
        write(segments, "{\"record\":2}");
        segments.close();
        String third = Files.readString(file("seal", 1)).substring(first.length() + second.length());

        assertThat(first).contains("\"certificates\":[");
        assertThat(second).doesNotContain("certificates");
        assertThat(third).contains("\"certificates\":[");
    }

    @Test
    void records_go_on_while_there_is_no_key_and_are_sealed_when_there_is_one() throws IOException {
        boolean[] has = {false};
        SealedSegments segments = new SealedSegments(
                directory,
                LIMITS,
                () -> {
                    if (!has[0]) {
                        throw new GeneralSecurityException("no SVID yet");
                    }
                    return signing();
                },
                () -> now);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        Logger log = (Logger) LoggerFactory.getLogger(SealedSegments.class);
        log.addAppender(heard);
        segments.prepare();
        segments.settle();
        assertThat(heard.list).as("nothing is to be sealed").isEmpty();
        write(segments, "{\"record\":0}");
        segments.settle();
        assertThat(heard.list).singleElement().asString().contains("audit records are written but not sealed");
        log.detachAppender(heard);
        assertThat(Files.readString(file("seal", 1))).isEmpty();
        has[0] = true;
        write(segments, "{\"record\":1}");
        segments.close();

        assertThat(verified().findings()).isEmpty();
        assertThat(verified().lines()).isEqualTo(2);
    }

    @Test
    void segments_that_are_old_are_deleted_and_the_rest_holds() throws IOException {
        writeTen();
        Files.setLastModifiedTime(file("seal", 1), FileTime.from(now.minus(Duration.ofHours(2))));
        SealedSegments next = segments();
        next.close();

        assertThat(file("jsonl", 1)).doesNotExist();
        assertThat(altered()).isEmpty();
        assertThat(verified().findings())
                .extracting(AuditVerifier.Finding::message)
                .containsExactly("the segments before are not here: deleted for their age, or by somebody");
    }

    @Test
    void what_is_taken_away_while_the_process_runs_leaves_a_gap_that_is_found() throws IOException {
        SealedSegments segments = segments();
        writeTen(segments);
        List<String> written = names();
        assertThat(written).hasSize(8).last().asString().startsWith("records-0000000004");
        for (String name : written.subList(4, 8)) {
            Files.delete(directory.resolve(name));
        }
        writeTen(segments);
        segments.close();

        assertThat(altered())
                .containsExactly(
                        "3: the segments up to 4 are missing",
                        "5: records 1 to 3: it goes on from a checkpoint that segment 4 does not have");
    }

    @Test
    void the_place_in_the_chain_is_remembered_before_there_is_a_key() throws IOException {
        writeTen();
        boolean[] has = {false};
        SealedSegments segments = new SealedSegments(
                directory,
                LIMITS,
                () -> {
                    if (!has[0]) {
                        throw new GeneralSecurityException("no SVID yet");
                    }
                    return signing();
                },
                () -> now);
        segments.prepare();
        Files.delete(file("jsonl", 4));
        Files.delete(file("seal", 4));
        has[0] = true;
        writeTen(segments);
        segments.close();

        assertThat(altered()).contains("5: records 1 to 3: it goes on from a checkpoint that segment 4 does not have");
    }

    @Test
    @Timeout(20)
    void a_number_behind_which_there_is_none_is_refused_and_is_one_finding() throws IOException {
        SealedSegments segments = segments();
        writeTen(segments);
        Files.createFile(directory.resolve("records-9999999999.seal"));

        assertThatThrownBy(() -> writeTen(segments))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no number is left behind the segment 9999999999");
        assertThat(altered())
                .containsExactly(
                        "5: the segments up to 9999999998 are missing",
                        "9999999999: its records are missing, its checkpoints are there");
    }

    @Test
    void a_full_disk_gets_no_new_segment_for_each_try_and_all_holds_when_there_is_room() throws IOException {
        TightDisk disk = new TightDisk();
        SealedSegments segments = segments(disk);
        write(segments, "{\"record\":0}");
        for (int i = 0; i < 20; i++) {
            disk.full = ".jsonl";
            assertThatThrownBy(() -> write(segments, "{\"record\":1}")).hasMessage("No space left on device");
            disk.full = i % 2 == 0 ? "" : "records";
            segments.close();
            now = now.plusSeconds(2);
        }
        assertThat(names()).hasSize(2);
        disk.full = "";
        write(segments, "{\"record\":1}");
        segments.close();

        assertThat(Files.readString(file("jsonl", 1))).isEqualTo("{\"record\":0}\n{\"record\":1}\n");
        assertThat(verified().findings()).isEmpty();
        assertThat(verified().lines()).isEqualTo(2);
    }

    @Test
    void a_segment_that_cannot_be_written_any_more_is_left_for_the_next() throws IOException {
        SealedSegments segments = segments();
        write(segments, "{\"record\":0}");
        segments.settle();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> write(segments, "{\"record\":1}")).isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(segments::close).isInstanceOf(ClosedChannelException.class);
        write(segments, "{\"record\":1}");
        segments.close();

        assertThat(altered()).isEmpty();
        assertThat(verified().lines()).isEqualTo(2);
    }

    @Test
    void lines_that_are_there_are_written_although_they_cannot_be_sealed_yet() throws IOException {
        TightDisk disk = new TightDisk();
        SealedSegments segments = segments(disk);
        disk.full = ".seal";
        writeTen(segments);
        assertThat(names()).as("a segment that cannot be sealed goes on").hasSize(2);
        disk.full = "";
        segments.close();

        assertThat(verified().findings()).isEmpty();
        assertThat(verified().lines()).isEqualTo(10);
    }

    @Test
    void lines_are_written_although_old_segments_cannot_be_deleted() throws IOException {
        Files.createDirectories(file("jsonl", 1).resolve("something"));
        Files.setLastModifiedTime(file("jsonl", 1), FileTime.from(now.minus(Duration.ofHours(2))));

        writeTen();

        Files.delete(file("jsonl", 1).resolve("something"));
        Files.delete(file("jsonl", 1));
        assertThat(verified().lines()).isEqualTo(10);
    }

    @Test
    void a_segment_without_its_checkpoints_does_not_keep_old_ones_from_being_deleted() throws IOException {
        writeTen();
        for (int segment = 1; segment <= 2; segment++) {
            Files.setLastModifiedTime(file("jsonl", segment), FileTime.from(now.minus(Duration.ofHours(2))));
            Files.setLastModifiedTime(file("seal", segment), FileTime.from(now.minus(Duration.ofHours(2))));
        }
        Files.delete(file("seal", 1));
        segments().close();

        assertThat(names()).first().isEqualTo("records-0000000003.jsonl");
    }

    @Test
    void what_a_process_seals_while_it_is_verified_is_no_change() throws IOException {
        writeTen();
        SealedSegments running = segments();
        boolean[] first = {true};

        AuditVerifier.Result result = AuditVerifier.verify(directory, (_, _, _, _) -> {
            if (first[0]) {
                first[0] = false;
                writeUnchecked(running);
            }
            return null;
        });

        assertThat(result.findings())
                .extracting(AuditVerifier.Finding::kind)
                .isNotEmpty()
                .containsOnly(Kind.NOTE);
        assertThat(altered()).isEmpty();
    }

    private static void writeUnchecked(SealedSegments segments) {
        try {
            write(segments, "{\"record\":0}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        segments.settle();
    }

    @Test
    void lines_that_are_no_checkpoints_are_one_finding() throws IOException {
        writeTen();
        Files.writeString(file("seal", 1), "?\n".repeat(1000), StandardOpenOption.APPEND);

        assertThat(altered())
                .singleElement()
                .asString()
                .startsWith("1: line 2 of ")
                .endsWith(", and so are 999 more");
    }

    @Test
    void of_who_cannot_be_judged_it_is_said_and_what_he_signed_is_held_against_the_records() throws IOException {
        writeTen();
        AuditVerifier.Doubt doubt = new AuditVerifier.Doubt(Kind.UNKNOWN, "who is that?");

        AuditVerifier.Result result = AuditVerifier.verify(directory, (_, _, _, _) -> doubt);
        assertThat(result.lines()).isZero();
        assertThat(result.newest()).isNull();
        assertThat(result.findings())
                .hasSize(4)
                .allSatisfy(finding -> assertThat(finding.message()).endsWith(": who is that?"));

        replace(file("jsonl", 2), "\"record\":4", "\"record\":5");
        result = AuditVerifier.verify(directory, (_, _, _, _) -> doubt);
        assertThat(result.has(Kind.ALTERED)).isTrue();
    }

    /** A disk on which files of a name have no room: half of what is written is there, and then it fails. */
    private static final class TightDisk implements SegmentTail.Maker {
        private String full = "";

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

    /** One octet of one file is another. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void any_changed_octet_is_found(int seed) throws IOException {
        writeTen();
        List<Path> files;
        try (var listed = Files.list(directory)) {
            files = listed.sorted().toList();
        }
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] before = Files.readAllBytes(file);
            byte[] after = before.clone();
            int place = random.nextInt(after.length);
            after[place] ^= (byte) (1 << random.nextInt(7));
            Files.write(file, after);
            assertThat(altered()).as(file + " at " + place).isNotEmpty();
            Files.write(file, before);
        }
        assertThat(altered()).isEmpty();
    }
}
