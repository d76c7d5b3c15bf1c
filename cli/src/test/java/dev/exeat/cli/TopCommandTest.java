package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopCommandTest {
    @TempDir
    private Path directory;

    private Path records;

    @BeforeEach
    void write() throws IOException {
        records = directory.resolve("records.jsonl");
        Instant now = Instant.now();
        List<String> lines = new ArrayList<>();
        lines.add(record("old", now.minusSeconds(3_600), "sleep", "old.test", "allowed", 1));
        for (int i = 0; i < 3; i++) {
            lines.add(record("a-" + i, now.minusSeconds(10), "sleep", "en.test", "allowed", 1_000));
            lines.add(record("b-" + i, now.minusSeconds(5), "builder", "x.test", i == 0 ? "allowed" : "denied", 0));
        }
        lines.add(record("c-1", now.minusSeconds(3), "sleep", "big.test", "allowed", 1_000_000));
        lines.add(record("c-2", now.minusSeconds(3), "sleep", "en.test", "allowed", 1));
        Files.write(records, lines);
    }

    private static String record(String id, Instant time, String account, String host, String verdict, long bytes) {
        return """
                {"version":1,"time":"%s","id":"%s","event":"final","listener":"tunnel","mode":"connect-h2",\
                "identity":"spiffe://cluster.local/ns/default/sa/%s","namespace":"default","service_account":"%s",\
                "source_address":"10.0.0.7","source_port":4711,"sni":"%s","port":443,"verdict":"%s",\
                "bytes_received":%d,"bytes_sent":%d,"durations_us":{"total":1000}}""".formatted(time, id, account, account, host, verdict, bytes, bytes);
    }

    private CliRun top(String... options) {
        List<String> arguments = new ArrayList<>(List.of("top", "--records", records.toString()));
        arguments.addAll(List.of(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void shows_once_in_a_pipe_who_goes_where_most() {
        CliRun run = top();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualToNormalizingNewlines("""
                8 connections, 2 denied, 1.9MiB in the last 60 s
                WHO              TO            CONNECTIONS  DENIED  BYTES
                default/sleep    en.test:443   4            0       5.9KiB
                default/builder  x.test:443    3            2       0B
                default/sleep    big.test:443  1            0       1.9MiB
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "--sort=bytes, big.test",
        "--sort=denied, x.test",
        "--sort=connections, en.test",
        "--identity=*/builder, x.test",
        "--not=host=en.test --sort=bytes, big.test",
        "--window=1h, en.test"
    })
    void sorts_and_chooses_as_it_is_told(String options, String first) {
        CliRun run = top(options.split(" "));

        assertThat(run.out().lines().skip(2).findFirst().orElseThrow()).contains(first);
    }

    @Test
    void says_how_many_pairs_are_not_shown() {
        CliRun run = top("--rows", "1");

        assertThat(run.out().lines()).hasSize(4);
        assertThat(run.out()).contains("and 2 more pairs");
    }

    @ParameterizedTest
    @CsvSource({
        "-n 0, -n takes a number from 1",
        "-n 2, a file of --records is shown once",
        "--rows 0, --rows takes a number",
        "--window 0, --window is from 1s",
        "--window 2h, --window is from 1s to 1h",
        "--sort size, --sort"
    })
    void wrong_use_is_told_with_exit_code_2(String options, String told) {
        CliRun run = top(options.split(" "));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(told);
    }
}
