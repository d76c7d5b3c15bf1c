package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenCommandsTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final String ALLOWED = "\"verdict\":\"allowed\"";
    private static final String DENIED = "\"verdict\":\"denied\",\"reason\":\"policy_denied\"";
    private static final String WOULD =
            "\"verdict\":\"allowed\",\"would_verdict\":\"denied\",\"would_reason\":\"policy_denied\"";

    @TempDir
    private Path directory;

    private Path records;
    private final StringBuilder lines = new StringBuilder();
    private int number;

    @BeforeEach
    void name_the_file() {
        records = directory.resolve("records.jsonl");
    }

    private void record(Instant time, String account, String host, int port, String outcome) {
        String verdict = outcome.contains("policy_digest") ? outcome : outcome + ",\"policy_digest\":\"01\"";
        String identity = account.isEmpty()
                ? ""
                : "\"identity\":\"spiffe://cluster.local/ns/default/sa/" + account
                        + "\",\"namespace\":\"default\",\"service_account\":\"" + account + "\",";
        lines.append("""
                {"version":1,"time":"%s","id":"a-%d","event":"final","listener":"tunnel","mode":"connect-h2",%s\
                "source_address":"10.0.0.7","source_port":4711,"sni":"%s","port":%d,%s,\
                "hello":{"tls_versions":["TLSv1.3"],"alpn":["h2"],"ech":false,"post_quantum":true,"size":517},\
                "bytes_received":1,"bytes_sent":2,"durations_us":{"total":1500}}
                """.formatted(time, ++number, identity, host, port, verdict));
    }

    private CliRun run(String command, String... options) throws IOException {
        Files.writeString(records, lines);
        List<String> arguments = new ArrayList<>(List.of(command, "--records", records.toString()));
        arguments.addAll(List.of(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    private CliRun suggest(String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--since=2026-01-01"));
        all.addAll(List.of(options));
        return run("suggest", all.toArray(String[]::new));
    }

    @Test
    void allows_what_was_let_pass_and_says_how_often_and_what_is_left_out() throws IOException {
        record(TIME, "sleep", "en.wikipedia.org", 443, ALLOWED);
        record(TIME.plusSeconds(60), "sleep", "en.wikipedia.org", 443, ALLOWED);
        record(TIME, "sleep", "api.bank.example", 8443, WOULD);
        record(TIME, "sleep", "us.wikipedia.org", 443, DENIED);
        record(TIME, "", "de.wikipedia.org", 443, ALLOWED);

        CliRun run = suggest();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("""
                # 3 connections since 2026-01-02T03:04:00Z.
                # Left out: us.wikipedia.org:443, denied 1 times (policy_denied) and never let pass.
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata:
                  name: sleep
                  namespace: default
                spec:
                  reason: what sleep reached from 2026-01-02T03:04:00Z on
                  sources:
                    - serviceAccounts: [sleep]
                  destinations:
                    - hosts:
                        - en.wikipedia.org # 2 times, last 2026-01-02T03:05:00Z
                    - hosts:
                        - api.bank.example # 1 times, last 2026-01-02T03:04:00Z; 1 of them only because of an audit
                      ports: [8443]
                # Left out: 1 connections without an identity. Give those clients one, or write a policy by source address.
                """);
    }

    @Test
    void a_replay_of_the_suggestion_flips_nothing() throws IOException {
        traffic();

        CliRun replay = replayOfSuggestion();

        assertThat(replay.out()).startsWith("no verdict changes in " + number + " attempts");
        assertThat(replay.exitCode()).isZero();
        assertThat(CliRun.of("lint", "-f", directory.resolve("suggested.yaml").toString())
                        .out())
                .contains("0 errors, 0 warnings");
    }

    private CliRun replayOfSuggestion() throws IOException {
        Path file =
                Files.writeString(directory.resolve("suggested.yaml"), suggest().out());
        return run("replay", "-f", file.toString(), "--registry=ALLOW_ANY");
    }

    /** Two accounts; names of one domain that keep coming, names of a platform's customers, names that stay the same. */
    private void traffic() {
        for (int i = 0; i < 12; i++) {
            Instant time = TIME.plus(Duration.ofDays(i));
            record(time, "sleep", "cdn" + i + ".example.com", 443, ALLOWED);
            record(time, "sleep", "customer" + i + ".github.io", 443, ALLOWED);
            record(TIME, "builder", "mirror" + i + ".example.org", 443, ALLOWED);
            record(time, "builder", "evil.example.net", 443, DENIED);
        }
    }

    @Test
    void a_wildcard_needs_many_names_of_one_owner_that_keep_coming() throws IOException {
        traffic();

        assertThat(suggest().out())
                .contains(
                        "- \"*.example.com\" # 12 times, last 2026-01-13T03:04:00Z; a wildcard, for there were 12 names"
                                + " directly below it, 3 of them new in the last quarter of the time")
                .doesNotContain("cdn1.example.com")
                .contains("- customer3.github.io #")
                .doesNotContain("*.github.io")
                .contains("- mirror3.example.org #")
                .doesNotContain("*.example.org");
    }

    @Test
    void no_wildcard_allows_what_was_denied() throws IOException {
        traffic();
        record(TIME, "sleep", "deep.cdn.example.com", 443, DENIED);
        record(TIME, "sleep", "deep.cdn.example.com", 443, ALLOWED);

        assertThat(suggest().out())
                .doesNotContain("*.example.com")
                .contains("- cdn1.example.com #")
                .contains("- deep.cdn.example.com # 1 times, last 2026-01-02T03:04:00Z; denied 1 times beside");
    }

    @Test
    void what_was_denied_for_its_address_is_left_out_and_flips_nothing() throws IOException {
        record(TIME, "sleep", "a.test", 443, ALLOWED);
        record(TIME, "sleep", "inside.test", 443, "\"verdict\":\"denied\",\"reason\":\"address_forbidden\"");

        CliRun suggested = suggest();

        assertThat(suggested.out())
                .contains("# Left out: inside.test:443, denied 1 times (address_forbidden) and never let pass.")
                .doesNotContain("- inside.test");
        assertThat(replayOfSuggestion().exitCode()).isZero();
    }

    @Test
    void what_only_an_audit_let_pass_does_not_flip_and_is_told_apart() throws IOException {
        record(TIME, "sleep", "a.test", 443, ALLOWED);
        record(TIME, "sleep", "b.test", 443, WOULD);

        CliRun replay = replayOfSuggestion();

        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(replay.out()).isEqualTo("""
                no verdict changes in 2 attempts
                1 that passed only because of an audit are allowed
                """);
    }

    @Test
    void what_policies_denied_last_is_left_out_and_what_they_let_pass_last_is_allowed() throws IOException {
        Instant later = TIME.plusSeconds(60);
        record(TIME, "sleep", "closed.test", 443, ALLOWED + ",\"policy_digest\":\"01\"");
        record(later, "sleep", "closed.test", 443, DENIED + ",\"policy_digest\":\"02\"");
        record(TIME, "sleep", "opened.test", 443, DENIED + ",\"policy_digest\":\"01\"");
        record(later, "sleep", "opened.test", 443, ALLOWED + ",\"policy_digest\":\"02\"");
        record(later, "sleep", "audited.test", 443, WOULD + ",\"policy_digest\":\"02\"");

        CliRun suggested = suggest();
        CliRun replay = replayOfSuggestion();

        assertThat(suggested.out())
                .contains(
                        "# Left out: closed.test:443, denied 1 times (policy_denied), last 2026-01-02T03:05:00Z, after"
                                + " it was let pass 1 times.\n")
                .contains("- opened.test # 1 times, last 2026-01-02T03:05:00Z; denied 1 times beside\n");
        assertThat(replay.exitCode()).as(replay.out()).isZero();
        assertThat(replay.out()).isEqualTo("""
                no verdict changes in 5 attempts
                1 that passed only because of an audit are allowed
                2 end otherwise than recorded, but as later policies had decided for the same client and target
                """);
    }

    @Test
    void who_was_denied_everything_stays_denied() throws IOException {
        record(TIME, "sleep", "a.test", 443, ALLOWED);
        record(TIME, "builder", "evil.test", 443, DENIED);

        CliRun replay = replayOfSuggestion();

        assertThat(suggest("--identity=*/builder").out())
                .contains("# Left out: evil.test:443, denied 1 times (policy_denied) and never let pass.\n")
                .contains(
                        "        - nothing.invalid # no host has this name (RFC 6761): what was denied stays denied\n");
        assertThat(replay.out()).isEqualTo("no verdict changes in 2 attempts\n");
        assertThat(CliRun.of("lint", "-f", directory.resolve("suggested.yaml").toString())
                        .out())
                .contains("0 errors, 0 warnings");
    }

    @Test
    void what_ended_before_any_verdict_is_not_seen_and_what_could_not_be_carried_is_told() throws IOException {
        record(TIME, "sleep", "down.test", 443, "\"verdict\":\"failed\",\"reason\":\"dial_failed\"");
        record(TIME, "sleep", "evil.example", 443, "\"verdict\":\"failed\",\"reason\":\"hello_timeout\"");
        record(TIME, "hung", "evil.example", 443, "\"verdict\":\"failed\",\"reason\":\"client_gone\"");
        record(
                TIME,
                "killed",
                "b.test",
                443,
                "\"verdict\":\"failed\",\"reason\":\"killed\",\"rule\":{\"kind\":\"EgressPolicy\","
                        + "\"namespace\":\"default\",\"name\":\"x\",\"index\":0}");

        assertThat(suggest().out())
                .contains("- down.test # 1 times, last 2026-01-02T03:04:00Z; none could be carried\n")
                .contains("- b.test # 1 times")
                .doesNotContain("evil.example")
                .doesNotContain("hung");
    }

    @Test
    void what_the_guard_stopped_is_denied_also_where_an_audit_had_let_it_pass() throws IOException {
        record(
                TIME,
                "sleep",
                "inside.test",
                443,
                "\"verdict\":\"denied\",\"reason\":\"address_forbidden\",\"would_verdict\":\"denied\","
                        + "\"would_reason\":\"policy_denied\"");

        assertThat(suggest().out()).isEqualTo("""
                        # Left out: spiffe://cluster.local/ns/default/sa/sleep, for which nothing is left to allow.
                        # Left out: inside.test:443, denied 1 times (address_forbidden) and never let pass.
                        """);
    }

    @Test
    void no_text_of_a_client_ends_a_comment() throws IOException {
        record(TIME, "sleep", "a.test", 443, ALLOWED);
        record(TIME, "sleep", "x\\n    - hosts: [\\u001b[2Jevil.test]", 443, ALLOWED);
        record(TIME, "x\\nkind: Evil", "a.test", 443, ALLOWED);

        assertThat(suggest().out().lines())
                .noneMatch(line -> line.contains("evil.test") && !line.startsWith("# Left out: "))
                .noneMatch(line -> line.startsWith("kind: Evil"))
                .noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void only_for_the_identities_asked_for() throws IOException {
        traffic();

        assertThat(suggest("--identity", "default/bui*").out())
                .contains("name: builder")
                .doesNotContain("sleep");
    }

    @Test
    void nothing_seen_is_nothing_suggested() throws IOException {
        traffic();

        assertThat(run("suggest", "--since=1h").exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void an_audit_can_end_when_clients_came_on_many_days_and_none_would_have_been_denied() throws IOException {
        Instant now = Instant.now();
        record(now.minus(Duration.ofDays(10)), "clean", "b.test", 443, WOULD);
        record(now.minus(Duration.ofDays(10)), "enforced", "a.test", 443, ALLOWED);
        for (int day = 1; day < 9; day++) {
            record(now.minus(Duration.ofDays(day)), "clean", "a.test", 443, ALLOWED);
            record(now.minus(Duration.ofDays(day)), "soiled", "a.test", 443, ALLOWED);
        }
        record(now.minus(Duration.ofDays(4)), "soiled", "b.test", 443, WOULD);
        record(now.minus(Duration.ofDays(9)), "gone", "b.test", 443, WOULD);

        CliRun run = run("ready");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .hasSize(5)
                .anyMatch(line -> line.startsWith("default/clean 9 1 20") && line.endsWith(" 8 yes"))
                .anyMatch(line -> line.startsWith("default/soiled 9 1 20") && line.endsWith(" 3 no"))
                .anyMatch(line -> line.startsWith("default/gone 1 1 20") && line.endsWith(" 0 no (not seen since)"))
                .anyMatch(line -> line.equals("default/enforced 1 0 - 1 - (no audit seen)"));
        assertThat(run("ready", "--identity=*/clean,*/enforced").exitCode()).isZero();
        assertThat(run("ready", "--identity=*/enforced", "-o", "json").out())
                .isEqualTo("{\"identity\":\"spiffe://cluster.local/ns/default/sa/enforced\",\"connections\":1,"
                        + "\"would_deny\":0,\"days_clean\":1,\"audit_seen\":false,\"safe_to_enforce\":false}\n");
    }

    @Test
    void what_the_baseline_does_not_have_is_drift() throws IOException {
        record(TIME, "sleep", "en.wikipedia.org", 443, ALLOWED);
        record(TIME, "sleep", "a.corp.example", 443, ALLOWED);
        record(TIME, "sleep", "x.test", 8443, DENIED);
        Path baseline = directory.resolve("baseline.txt");
        Files.writeString(baseline, "default/sleep en.wikipedia.org:443 # known\n\n* *.corp.example:443");
        String[] drift = {"--since=2026-01-01", "--baseline", baseline.toString(), "-o", "json"};

        CliRun run = run("drift", drift);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .isEqualTo("{\"identity\":\"spiffe://cluster.local/ns/default/sa/sleep\",\"host\":\"x.test\","
                        + "\"port\":8443,\"first_seen\":\"2026-01-02T03:04:00Z\",\"passed\":0,\"would_deny\":0,"
                        + "\"denied\":1}\n");
        assertThat(run("drift", "--since=2026-01-01", "--baseline", baseline.toString(), "--update")
                        .exitCode())
                .isZero();
        assertThat(Files.readString(baseline)).contains("# known").endsWith("\ndefault/sleep x.test:8443\n");
        assertThat(run("drift", drift).exitCode()).isZero();
    }

    @Test
    void clients_without_an_identity_drift_as_one_and_no_text_breaks_a_baseline() throws IOException {
        record(TIME, "", "a.test", 443, ALLOWED);
        record(TIME, "sleep", "b\\n* * #.test", 443, ALLOWED);
        Path baseline = Files.writeString(directory.resolve("baseline.txt"), "default/* a.test:443\n");
        String[] drift = {"--since=2026-01-01", "--baseline", baseline.toString()};

        CliRun run = run("drift", drift);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("(no-identity)  a.test:443").contains("2 pairs are new");
        run("drift", "--since=2026-01-01", "--baseline", baseline.toString(), "--update");
        assertThat(Files.readAllLines(baseline)).hasSize(3).contains("(no-identity) a.test:443");
        assertThat(run("drift", drift).exitCode()).isZero();
        record(TIME, "other", "c.test", 443, ALLOWED);
        assertThat(run("drift", drift).exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void what_is_printed_for_programs_is_ascii_too() throws IOException {
        record(TIME, "sleep", "x\\u009b2J\\u202e.test", 443, ALLOWED);
        Path baseline = Files.writeString(directory.resolve("baseline.txt"), "# nothing\n");

        assertThat(run("drift", "--since=2026-01-01", "--baseline", baseline.toString(), "-o", "json")
                        .out())
                .contains("\"x\\u009B2J\\u202E.test\"");
    }

    @Test
    void a_baseline_that_is_not_there_can_be_made() throws IOException {
        record(TIME, "sleep", "en.wikipedia.org", 443, ALLOWED);
        Path baseline = directory.resolve("baseline.txt");

        CliRun run = run("drift", "--since=2026-01-01", "--baseline", baseline.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains("there is no file " + baseline).contains("--update makes it");
        assertThat(run("drift", "--since=2026-01-01", "--baseline", baseline.toString(), "--update")
                        .out())
                .contains("1 pair is new");
        assertThat(Files.readAllLines(baseline)).contains("default/sleep en.wikipedia.org:443");
    }
}
