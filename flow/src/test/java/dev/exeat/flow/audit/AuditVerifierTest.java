package dev.exeat.flow.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.audit.AuditVerifier.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is changed of what was sealed is found. */
class AuditVerifierTest extends SealedDirectory {
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

    private static void writeUnchecked(SealedSegments segments) {
        try {
            write(segments, "{\"record\":0}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        segments.settle();
    }
}
