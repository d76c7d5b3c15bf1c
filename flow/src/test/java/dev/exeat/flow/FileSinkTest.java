package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.testkit.Case;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    private Path directory;

    private Path file;
    private Instant now = START;
    private FileSink sink;

    @BeforeEach
    void open() {
        file = directory.resolve("access.log");
        sink = sink(Rotation.NONE);
    }

    @AfterEach
    void close() throws IOException {
        sink.close();
    }

    private FileSink sink(Rotation rotation) {
        return new FileSink(file, rotation, () -> now);
    }

    private void write(String line) throws IOException {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        sink.write(octets, octets.length);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void appends_to_what_is_there() throws Exception {
        Files.writeString(file, "before\n");
        write("after");

        assertThat(file).hasContent("before\nafter\n");
    }

    @Test
    @Case("L06")
    void a_file_that_was_moved_is_begun_anew_within_a_second() throws Exception {
        write("1");
        Files.move(file, directory.resolve("moved"));
        now = now.plusMillis(500);
        write("2");
        now = now.plusMillis(500);
        write("3");

        assertThat(directory.resolve("moved")).hasContent("1\n2\n");
        assertThat(file).hasContent("3\n");
    }

    @Test
    @Case("L06")
    void a_file_that_was_deleted_or_replaced_is_begun_anew() throws Exception {
        write("1");
        Files.delete(file);
        now = now.plusSeconds(1);
        write("2");
        assertThat(file).hasContent("2\n");

        Path other = Files.writeString(directory.resolve("other"), "other\n");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        now = now.plusSeconds(1);
        write("3");
        assertThat(file).hasContent("other\n3\n");
    }

    @Test
    void a_clock_that_is_set_back_does_not_keep_it_from_looking() throws Exception {
        write("1");
        Files.delete(file);
        now = START.minus(Duration.ofDays(365));
        write("2");

        assertThat(file).hasContent("2\n");
    }

    @Test
    void sets_a_file_aside_before_it_passes_its_limit() throws Exception {
        sink = sink(new Rotation(10, Duration.ZERO, 0));
        write("1234");
        write("5678");
        now = now.plusSeconds(1);
        write("9");

        assertThat(files()).containsExactly("access.log", "access.log.20260102T030406.678Z-0000");
        assertThat(directory.resolve("access.log.20260102T030406.678Z-0000")).hasContent("1234\n5678\n");
        assertThat(file).hasContent("9\n");
    }

    @Test
    void counts_what_was_in_the_file_before() throws Exception {
        Files.writeString(file, "123456789\n");
        sink = sink(new Rotation(10, Duration.ZERO, 0));
        write("1");

        assertThat(file).hasContent("1\n");
        assertThat(files()).hasSize(2);
    }

    @Test
    void files_set_aside_within_one_millisecond_replace_none() throws Exception {
        sink = sink(new Rotation(3, Duration.ZERO, 0));
        for (int i = 0; i < 5; i++) {
            write("l" + i);
        }

        assertThat(files())
                .containsExactly(
                        "access.log",
                        "access.log.20260102T030405.678Z-0000",
                        "access.log.20260102T030405.678Z-0001",
                        "access.log.20260102T030405.678Z-0002",
                        "access.log.20260102T030405.678Z-0003");
        assertThat(directory.resolve("access.log.20260102T030405.678Z-0003")).hasContent("l3\n");
    }

    @Test
    void keeps_so_many_files_and_touches_no_others() throws Exception {
        Files.writeString(directory.resolve("access.log.yaml"), "mine");
        Files.writeString(directory.resolve("access.log.20260102T030405.678Z-0000.gz"), "mine");
        sink = sink(new Rotation(3, Duration.ofDays(1), 2));
        for (int i = 0; i < 9; i++) {
            now = now.plusSeconds(1);
            write("l" + i);
        }

        assertThat(files())
                .containsExactly(
                        "access.log",
                        "access.log.20260102T030405.678Z-0000.gz",
                        "access.log.20260102T030413.678Z-0000",
                        "access.log.20260102T030414.678Z-0000",
                        "access.log.yaml");
    }

    @Test
    void deletes_those_set_aside_that_are_too_old() throws Exception {
        sink = sink(new Rotation(3, Duration.ofDays(30), 1000));
        write("l0");
        write("l1");
        Path aside = directory.resolve("access.log.20260102T030405.678Z-0000");
        Files.setLastModifiedTime(aside, FileTime.from(START));
        now = START.plus(Duration.ofDays(30));
        write("l2");
        assertThat(aside).exists();

        now = START.plus(Duration.ofDays(30)).plusSeconds(1);
        write("l3");
        assertThat(aside).doesNotExist();
    }

    @Test
    void new_limits_hold_from_the_next_line_on() throws Exception {
        write("1234567890");
        sink.rotate(new Rotation(5, Duration.ZERO, 0));
        write("1");

        assertThat(file).hasContent("1\n");
    }

    @Test
    void a_file_that_cannot_be_set_aside_grows_on() throws Exception {
        // With a name as long as a file system takes there is no room for the stamp behind it.
        file = directory.resolve("n".repeat(250));
        sink = sink(new Rotation(3, Duration.ZERO, 0));
        write("l0");
        write("l1");
        write("l2");

        assertThat(file).hasContent("l0\nl1\nl2\n");
    }

    @Test
    void the_caller_is_told_of_a_fault_and_the_next_write_tries_again() throws Exception {
        file = directory.resolve("access.log");
        Files.createDirectory(file);
        assertThatThrownBy(() -> write("1")).isInstanceOf(IOException.class);
        sink.close();
        Files.delete(file);
        write("2");

        assertThat(file).hasContent("2\n");
    }

    @Test
    void a_file_whose_first_line_is_old_is_set_aside_when_another_comes() throws Exception {
        sink = sink(new Rotation(0, Duration.ZERO, 0, Duration.ofHours(1)));
        write("1");
        now = START.plus(Duration.ofMinutes(59));
        write("2");
        assertThat(files()).hasSize(1);

        now = START.plus(Duration.ofMinutes(60));
        write("3");

        assertThat(file).hasContent("3\n");
        assertThat(directory.resolve("access.log.20260102T040405.678Z-0000")).hasContent("1\n2\n");

        now = START.plus(Duration.ofMinutes(119));
        write("4");
        assertThat(file).hasContent("3\n4\n");
    }

    @Test
    void the_age_of_a_file_goes_on_after_a_restart() throws Exception {
        now = Instant.now();
        write("1");
        sink.close();

        sink = sink(new Rotation(0, Duration.ZERO, 0, Duration.ofHours(1)));
        now = now.plus(Duration.ofHours(2));
        write("2");

        assertThat(file).hasContent("2\n");
        assertThat(files()).hasSize(2);
    }
}
