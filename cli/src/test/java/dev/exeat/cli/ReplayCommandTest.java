package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplayCommandTest {
    private static final String RECORD = """
            {"version":1,"time":"%s","id":"%s","event":"final","listener":"tunnel","mode":"connect-h2",\
            "identity":"spiffe://cluster.local/ns/default/sa/sleep","namespace":"default","service_account":"sleep",\
            "source_address":"10.0.0.7","source_port":4711,"sni":"%s","port":443,%s,\
            "hello":{"tls_versions":["TLSv1.3"],"alpn":["h2"],"ech":false,"post_quantum":true,"size":517},\
            "bytes_received":1,"bytes_sent":2,"durations_us":{"total":1500}}
            """;
    private static final String ALLOWED = "\"verdict\":\"allowed\",\"policy_digest\":\"01\"";
    private static final String DENIED = "\"verdict\":\"denied\",\"reason\":\"policy_denied\",\"policy_digest\":\"01\"";
    private static final String WOULD = "\"verdict\":\"allowed\",\"would_verdict\":\"denied\","
            + "\"would_reason\":\"policy_denied\",\"policy_digest\":\"01\"";
    private static final String FORBIDDEN_ADDRESS =
            "\"verdict\":\"denied\",\"reason\":\"address_forbidden\",\"policy_digest\":\"01\"";
    private static final String NOT_JUDGED = "\"verdict\":\"denied\",\"reason\":\"sni_mismatch\"";

    @TempDir
    private Path directory;

    private Path records;
    private final StringBuilder lines = new StringBuilder();

    @BeforeEach
    void name_the_file() {
        records = directory.resolve("records.jsonl");
    }

    private void record(String time, String id, String host, String verdict) {
        lines.append(RECORD.formatted(time, id, host, verdict));
    }

    private CliRun replay(String policy, String... options) throws IOException {
        Files.writeString(records, lines);
        Path file = directory.resolve("new.yaml");
        Files.writeString(file, policy);
        List<String> arguments = new ArrayList<>(List.of("replay", "-f", file.toString(), "--registry=ALLOW_ANY"));
        arguments.addAll(List.of("--records", records.toString()));
        arguments.addAll(List.of(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    private static String deny(String host, String more) {
        return """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: proposed, namespace: default}
                spec:
                  sources: [{serviceAccounts: [sleep]}]
                  destinations: [{hosts: ["%s"]}]
                  action: Deny
                %s
                ---
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: rest, namespace: default}
                spec:
                  sources: [{serviceAccounts: [sleep]}]
                  destinations: [{hosts: ["*.test"]}]
                  action: Allow
                """.formatted(host, more.isEmpty() ? "" : "  " + more);
    }

    @Test
    void tells_of_each_attempt_that_ends_otherwise_how_often_and_when_last() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", ALLOWED);
        record("2026-01-02T03:04:07Z", "a-2", "a.test", ALLOWED);
        record("2026-01-02T03:04:06Z", "a-3", "a.test", ALLOWED);
        record("2026-01-02T03:04:06Z", "a-4", "b.test", DENIED);
        record("2026-01-02T03:04:06Z", "a-5", "c.test", ALLOWED);

        CliRun run = replay(deny("a.test", ""), "-o", "json");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAILED);
        List<JsonNode> flips =
                run.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(flips).hasSize(2);
        assertThat(flips.getFirst())
                .hasToString(
                        "{\"identity\":\"spiffe://cluster.local/ns/default/sa/sleep\",\"host\":\"a.test\",\"port\":443,"
                                + "\"before\":\"allow\",\"after\":\"deny\",\"count\":3,\"last_seen\":\"2026-01-02T03:04:07Z\","
                                + "\"example\":\"a-1\",\"rule\":\"EgressPolicy/default/proposed\",\"because\":\"EgressPolicy/default/proposed denies it\"}");
        assertThat(flips.getLast().path("host").asString("")).isEqualTo("b.test");
        assertThat(flips.getLast().path("because").asString("")).isEqualTo("EgressPolicy/default/rest allows it");
        assertThat(flips.getLast().path("rule").asString("")).isEqualTo("EgressPolicy/default/rest");
    }

    @Test
    void what_an_audit_lets_pass_passes_and_is_told_apart() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", ALLOWED);
        record("2026-01-02T03:04:05Z", "a-2", "b.test", WOULD);
        record("2026-01-02T03:04:05Z", "a-3", "b.test", WOULD);

        CliRun run = replay(deny("a.test", "mode: Audit"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("""
                no verdict changes in 3 attempts
                2 that passed only because of an audit are allowed
                1 that were allowed pass only because of an audit
                """);
    }

    @Test
    void what_an_audit_let_pass_and_policies_deny_now_flips() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", WOULD);

        CliRun run = replay(deny("a.test", ""), "-o", "json");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("\"before\":\"audit\",\"after\":\"deny\",\"count\":1");
    }

    @Test
    void an_audit_before_a_forbidden_address_denied_it_flips_nothing() throws IOException {
        record(
                "2026-01-02T03:04:05Z",
                "a-1",
                "b.test",
                FORBIDDEN_ADDRESS + ",\"would_verdict\":\"denied\",\"would_reason\":\"policy_denied\"");

        assertThat(replay(deny("b.test", "")).out()).isEqualTo("no verdict changes in 1 attempts\n");
    }

    @Test
    void what_later_policies_decided_already_is_no_flip_but_what_the_same_policies_decided_is() throws IOException {
        String later = DENIED.replace("\"01\"", "\"02\"");
        record("2026-01-02T03:04:05Z", "a-1", "a.test", ALLOWED);
        record("2026-01-02T03:04:06Z", "a-2", "a.test", later);
        record("2026-01-02T03:04:05Z", "a-3", "c.test", DENIED);
        record("2026-01-02T03:04:06Z", "a-4", "c.test", ALLOWED);

        CliRun run = replay(deny("a.test", ""));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("c.test:443  deny    allow  1 ").endsWith("""
                1 of 4 attempts end otherwise
                1 end otherwise than recorded, but as later policies had decided for the same client and target
                """);
    }

    @Test
    void a_connection_that_is_still_open_is_judged_and_one_that_has_ended_once() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", ALLOWED);
        record("2026-01-02T03:04:05Z", "a-2", "b.test", ALLOWED);
        String opened = lines.toString().replace("\"event\":\"final\"", "\"event\":\"open\"");
        lines.insert(0, opened);
        lines.delete(opened.length(), opened.length() + opened.indexOf('\n') + 2);

        CliRun run = replay(deny("*.test", ""));

        assertThat(run.out()).endsWith("2 of 2 attempts end otherwise\n");
    }

    @Test
    void what_a_policy_let_pass_is_allowed_whatever_became_of_it() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "b.test", FORBIDDEN_ADDRESS);
        record(
                "2026-01-02T03:04:05Z",
                "a-2",
                "b.test",
                "\"verdict\":\"failed\",\"reason\":\"dial_failed\",\"policy_digest\":\"1\"");
        record("2026-01-02T03:04:05Z", "a-3", "b.test", NOT_JUDGED);

        CliRun run = replay(deny("a.test", ""));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("no verdict changes in 2 attempts; 1 more ended before any policy was asked\n");
    }

    @Test
    void what_a_client_gave_up_flips_nothing_for_no_suggestion_holds_it() throws IOException {
        record(
                "2026-01-02T03:04:05Z",
                "a-1",
                "a.test",
                "\"verdict\":\"failed\",\"reason\":\"client_gone\",\"policy_digest\":\"1\"");

        assertThat(replay(deny("a.test", "")).out())
                .isEqualTo("no verdict changes in 0 attempts; 1 more ended before any policy was asked\n");
    }

    @Test
    void what_its_address_denies_no_policy_flips() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", FORBIDDEN_ADDRESS);

        CliRun run = replay(deny("a.test", ""));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("no verdict changes in 1 attempts\n");
    }

    @Test
    void an_allowance_that_ended_since_still_counts_for_what_came_before() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", ALLOWED);
        record("2026-03-02T03:04:05Z", "a-2", "a.test", ALLOWED);

        CliRun run = replay("""
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: proposed, namespace: default}
                spec:
                  sources: [{serviceAccounts: [sleep]}]
                  destinations: [{hosts: [a.test]}]
                  action: Allow
                  until: 2026-02-01T00:00:00Z
                """, "-o", "json");

        assertThat(run.out().lines()).as(run.err()).singleElement().asString().contains("\"example\":\"a-2\"");
    }

    @Test
    void only_what_a_filter_chooses_is_judged() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", ALLOWED);
        record("2026-01-02T03:04:05Z", "a-2", "b.test", ALLOWED);

        CliRun run = replay(deny("a.test", ""), "--host", "b.test");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("no verdict changes in 1 attempts\n");
    }

    @Test
    void prints_a_table_and_markdown_with_a_summary() throws IOException {
        record("2026-01-02T03:04:05Z", "a-1", "a.test", ALLOWED);

        assertThat(replay(deny("a.test", "")).out())
                .startsWith("WHO ")
                .contains("default/sleep")
                .endsWith("1 of 1 attempts end otherwise\n");
        assertThat(replay(deny("a.test", ""), "-o", "markdown").out())
                .startsWith("| who | to |")
                .contains("| default/sleep | a.test:443 | allow | deny | 1 |");
    }

    @Test
    void asks_which_policies_are_meant() {
        CliRun run = CliRun.of("replay");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("which policies?");
    }

    @Test
    void broken_policies_are_told_and_nothing_is_judged() throws IOException {
        CliRun run = replay(
                "apiVersion: exeat.dev/v1alpha1\nkind: EgressPolicy\nmetadata: {name: x}\nspec: {nonsense: 1}\n");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("nonsense").contains("mend these files first");
        assertThat(run.out()).isEmpty();
    }
}
