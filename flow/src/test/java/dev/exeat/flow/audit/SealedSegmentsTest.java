package dev.exeat.flow.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is written is sealed, also where the disk or the key fails. */
class SealedSegmentsTest extends SealedDirectory {
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
}
