package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnusedCommandTest {
    private static final Instant NOW = Instant.now();
    private static final String POLICIES = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: sleep, namespace: default}
            spec:
              sources: [{serviceAccounts: [sleep]}]
              destinations:
              - hosts: [a.test]
              - hosts: [b.test]
            ---
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: never, namespace: default}
            spec:
              action: Deny
              destinations:
              - hosts: [never.test]
            """;

    @TempDir
    private Path directory;

    private Path policies;
    private final StringBuilder lines = new StringBuilder();

    @BeforeEach
    void write_policies() throws IOException {
        policies = Files.writeString(directory.resolve("policies.yaml"), POLICIES);
        Files.setLastModifiedTime(policies, FileTime.from(NOW.minus(Duration.ofDays(100))));
    }

    private void record(Instant time, String host, String more) {
        lines.append("""
                {"version":1,"time":"%s","id":"a-1","event":"final","listener":"tunnel","mode":"connect-h2",\
                "identity":"spiffe://cluster.local/ns/default/sa/sleep","namespace":"default",\
                "source_address":"10.0.0.7","source_port":4711,"sni":"%s","port":443,%s,"policy_digest":"01",\
                "hello":{"tls_versions":["TLSv1.3"],"ech":false,"post_quantum":true,"size":517},\
                "bytes_received":1,"bytes_sent":2,"durations_us":{"total":1500}}
                """.formatted(time, host, more));
    }

    private CliRun unused(String... options) throws IOException {
        Path records = Files.writeString(directory.resolve("records.jsonl"), lines);
        List<String> arguments = new ArrayList<>(List.of(
                "rules", "unused", "-f", policies.toString(), "--registry=ALLOW_ANY", "--records", records.toString()));
        arguments.addAll(List.of(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void tells_the_rules_that_match_no_attempt_and_that_no_record_names() throws IOException {
        record(NOW.minus(Duration.ofDays(40)), "b.test", "\"verdict\":\"allowed\"");
        record(NOW.minus(Duration.ofDays(1)), "a.test", "\"verdict\":\"allowed\"");

        CliRun run = unused("-o", "json");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).isEqualTo("""
                        {"kind":"EgressPolicy","namespace":"default","name":"never","index":0,"place":"%1$s:10:1"}
                        {"kind":"EgressPolicy","namespace":"default","name":"sleep","index":1,"place":"%1$s:1:1"}
                        """.formatted(policies));
        assertThat(run.err()).isEmpty();
        assertThat(unused("--since=60d").out()).contains("1 of 3 rules were not needed since ");
    }

    @Test
    void what_a_record_names_was_needed_also_where_it_matches_no_more() throws IOException {
        record(NOW, "a.test", "\"verdict\":\"allowed\"");
        record(NOW, "b.test", "\"verdict\":\"allowed\"");
        record(
                NOW,
                "c.test",
                "\"verdict\":\"denied\",\"reason\":\"policy_denied\",\"rule\":{\"kind\":\"EgressPolicy\","
                        + "\"namespace\":\"default\",\"name\":\"never\",\"index\":0}");

        CliRun run = unused();

        assertThat(run.out()).startsWith("0 of 3 rules were not needed");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void says_how_far_the_history_reaches_and_which_rules_are_younger_than_the_period() throws IOException {
        Files.setLastModifiedTime(policies, FileTime.from(NOW.minus(Duration.ofDays(2))));
        record(NOW.minus(Duration.ofDays(5)), "a.test", "\"verdict\":\"allowed\"");

        CliRun run = unused();

        assertThat(run.err()).startsWith("the history begins at " + NOW.minus(Duration.ofDays(5)));
        assertThat(run.out().lines().filter(line -> line.contains("its file was changed in that time, ")))
                .hasSize(2);
        assertThat(unused("--since=1d").out())
                .contains("EgressPolicy/default/sleep[0]")
                .doesNotContain("its file was");
    }

    @Test
    void names_the_commands_that_there_are() {
        CliRun run = CliRun.of("rules");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("exeat rules unused");
    }
}
