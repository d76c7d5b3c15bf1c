package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SummaryCommandTest {
    @TempDir
    private Path directory;

    private Path records;

    @BeforeEach
    void write() throws IOException {
        records = directory.resolve("records.jsonl");
        Files.write(
                records,
                List.of(
                        record("a-1", "2026-01-01T03:04:05Z", "en.test", "allowed", ""),
                        record("a-2", "2026-01-02T03:04:05Z", "en.test", "allowed", ""),
                        record("a-3", "2026-01-02T03:04:06Z", "en.test", "failed", ",\"reason\":\"dial_failed\""),
                        record("a-4", "2026-01-02T03:05:05Z", "en.test", "allowed", ",\"would_verdict\":\"denied\""),
                        record("a-5", "2026-01-02T03:05:05Z", "new|.test", "denied", ",\"reason\":\"policy_denied\"")));
    }

    private static String record(String id, String time, String host, String verdict, String more) {
        return """
                {"version":1,"time":"%s","id":"%s","event":"final","listener":"tunnel","mode":"connect-h2",\
                "identity":"spiffe://cluster.local/ns/default/sa/sleep","namespace":"default","service_account":"sleep",\
                "source_address":"10.0.0.7","source_port":4711,"sni":"%s","port":443,"verdict":"%s"%s,\
                "bytes_received":10,"bytes_sent":2000,"durations_us":{"total":1000}}""".formatted(time, id, host, verdict, more);
    }

    private CliRun summary(String... options) {
        List<String> arguments = new ArrayList<>(List.of("flows", "summary", "--records", records.toString()));
        arguments.addAll(List.of(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void tells_of_pairs_and_what_is_new_first() {
        CliRun run = summary("--since", "2026-01-02");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualToNormalizingNewlines("""
                4 connections since 2026-01-02T00:00:00Z: 1 denied, 1 would be denied, 1 failed; 2 pairs, 1 of them is new.
                WHO            TO             CONNECTIONS  ALLOWED  WOULD DENY  DENIED  FAILED  SENT  RECEIVED  NEW
                default/sleep  new|.test:443  1            0        0           1       0       10B   2.0KiB    new
                default/sleep  en.test:443    3            1        1           0       1       30B   5.9KiB
                """);
    }

    @Test
    void says_where_the_history_does_not_reach_back_far_enough() {
        assertThat(summary("--since", "2026-01-01").out())
                .contains("2 pairs, the history does not reach back far enough to tell what is new.");
        assertThat(summary("--since", "2026-01-02", "--compare", "1h").out()).contains("does not reach back");
    }

    @Test
    void a_client_that_is_new_is_new_in_a_history_that_reaches_back() throws IOException {
        String newcomer =
                record("a-6", "2026-01-02T03:05:05Z", "en.test", "allowed", "").replace("sleep", "newcomer");
        Files.write(records, List.of(newcomer), StandardOpenOption.APPEND);

        assertThat(summary("--since", "2026-01-02", "--identity", "default/newcomer")
                        .out())
                .contains("1 pairs, 1 of them is new.");
    }

    @Test
    void is_a_table_for_comments_in_which_no_name_is_markup() {
        assertThat(summary("--since", "2026-01-02", "--format", "markdown", "--rows", "1")
                        .out())
                .isEqualToNormalizingNewlines("""
                4 connections since 2026-01-02T00:00:00Z: 1 denied, 1 would be denied, 1 failed; 2 pairs, 1 of them is new.

                | who | to | connections | allowed | would deny | denied | failed | sent | received | new |
                |---|---|---:|---:|---:|---:|---:|---:|---:|---|
                | default/sleep | new\\|.test:443 | 1 | 0 | 0 | 1 | 0 | 10B | 2.0KiB | new |

                and 1 more pairs
                """);
    }

    @Test
    void is_an_object_for_programs() {
        JsonNode summary = JsonMapper.shared()
                .readTree(summary("--since", "2026-01-02", "-o", "json").out());

        assertThat(summary.path("connections").asLong()).isEqualTo(4);
        assertThat(summary.path("new_pairs").asLong()).isEqualTo(1);
        assertThat(summary.at("/pairs/0/host").asString("")).isEqualTo("new|.test");
        assertThat(summary.at("/pairs/0/new").asBoolean()).isTrue();
        assertThat(summary.at("/pairs/1/would_deny").asLong()).isOne();
        assertThat(summary.at("/pairs/1/bytes_sent").asLong()).isEqualTo(6_000);
    }

    @Test
    void asks_which_command_where_none_is_named() {
        CliRun run = CliRun.of("flows");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("exeat flows summary");
    }
}
