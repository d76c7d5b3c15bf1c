package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.LogEntry;
import dev.exeat.model.LogEntry.Level;
import dev.exeat.model.LogEntry.Stream.Target;
import dev.exeat.model.LogEntry.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStreamsTest {
    private static final String HEAD =
            "{\"level\":\"info\",\"time\":\"1970-01-01T00:00:00.000000Z\",\"instance\":\"i\"";

    @TempDir
    private Path directory;

    private final LogStreams streams = new LogStreams(InstantSource.system());

    private static LogEntry entry(LogEntry.Stream stream, String text) {
        return new LogEntry(stream, Level.INFO, Instant.EPOCH, "i", new TreeMap<>(Map.of("v", new Value.Text(text))));
    }

    private static LogEntry.Stream stream(Target target, Path path, int maxFiles) {
        return new LogEntry.Stream(target, path.toString(), true, 1, 30, maxFiles);
    }

    @Test
    void writes_to_the_file_that_a_handler_names() {
        Path file = directory.resolve("a/log");
        streams.write(entry(stream(Target.FILE, file, 1), "1"));
        streams.close();

        assertThat(file).hasContent(HEAD + ",\"v\":\"1\"}\n");
    }

    @Test
    void lines_of_standard_streams_are_told_as_they_are_written_and_those_of_files_are_not() {
        List<String> told = new ArrayList<>();
        streams.onStandardLine(line -> told.add(new String(line, StandardCharsets.UTF_8)));
        streams.write(entry(stream(Target.FILE, directory.resolve("log"), 1), "1"));
        streams.write(entry(stream(Target.STDERR, Path.of(""), 1), "2"));
        streams.close();

        assertThat(told).containsExactly(HEAD + ",\"v\":\"2\"}\n");
    }

    @Test
    void handlers_that_name_the_same_file_share_one_writer() {
        Path file = directory.resolve("log");
        streams.write(entry(stream(Target.FILE, file, 1), "1"));
        streams.write(entry(stream(Target.ROTATED_FILE, directory.resolve("./x/../log"), 1), "2"));
        streams.write(entry(stream(Target.FILE, directory.resolve("other"), 1), "3"));
        assertThat(streams.writers())
                .extracting(LineWriter::name)
                .containsExactlyInAnyOrder(
                        file.toString(), directory.resolve("other").toString());
        streams.close();

        assertThat(file).hasContent(HEAD + ",\"v\":\"1\"}\n" + HEAD + ",\"v\":\"2\"}\n");
    }

    @Test
    void rotates_by_megabytes_and_keeps_as_many_files_as_asked() throws Exception {
        Path file = directory.resolve("log");
        LogEntry entry = entry(stream(Target.ROTATED_FILE, file, 2), "x".repeat(400_000));
        for (int i = 1; i <= 9; i++) {
            int expected = i;
            streams.write(entry);
            await().until(() -> streams.writers().iterator().next().written() == expected);
        }
        streams.close();

        // Two lines fit into 1,048,576 octets, a third doesn't: four files were set aside, two of them are kept.
        try (var files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(found -> assertThat(Files.size(found)).isLessThanOrEqualTo(1_048_576));
        }
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void standard_streams_have_a_writer_each() {
        LogEntry.Stream error = new LogEntry.Stream(Target.STDERR, "", true, 0, 0, 0);
        streams.write(entry(error, "a line of a test"));

        assertThat(streams.writers()).extracting(LineWriter::name).containsExactly("stderr");
        streams.close();
        assertThat(streams.writers()).allSatisfy(w -> assertThat(w.written()).isEqualTo(1));
    }

    @Test
    void a_path_that_is_none_costs_its_lines_and_nothing_else() {
        streams.write(entry(new LogEntry.Stream(Target.FILE, "a\0b", true, 0, 0, 0), "1"));
        Path file = directory.resolve("log");
        streams.write(entry(stream(Target.FILE, file, 1), "2"));
        streams.close();

        assertThat(streams.writers()).extracting(LineWriter::dropped).containsExactlyInAnyOrder(0L, 1L);
        assertThat(file).hasContent(HEAD + ",\"v\":\"2\"}\n");
    }

    @Test
    void opens_its_files_anew_when_told() throws Exception {
        Path file = directory.resolve("log");
        LogEntry entry = entry(stream(Target.FILE, file, 1), "1");
        streams.write(entry);
        await().until(() -> Files.exists(file) && Files.size(file) > 0);
        Files.move(file, directory.resolve("log.1"));
        streams.reopen();
        await().until(() -> {
            streams.write(entry);
            return Files.exists(file);
        });
        streams.close();

        assertThat(file).isNotEmptyFile();
    }
}
