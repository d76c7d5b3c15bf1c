package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingsCommandTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Instant BEFORE = NOW.minus(Duration.ofDays(5));
    private static final String SINCE = "--since=2026-03-01";
    private static final String ALLOWED = "\"verdict\":\"allowed\"";
    private static final String HELLO = "\"tls_versions\":[\"TLSv1.3\",\"TLSv1.2\"],\"ech\":false";

    @TempDir
    private Path directory;

    private Path records;
    private final StringBuilder lines = new StringBuilder();
    private int number;

    @BeforeEach
    void name_the_file() {
        records = directory.resolve("records.jsonl");
    }

    private void usual(Instant time, String host) {
        record(time, host, ALLOWED, HELLO, 1000);
    }

    private void record(Instant time, String host, String more, String hello, long received) {
        lines.append("""
                {"version":1,"time":"%s","id":"a-%d","event":"final","listener":"tunnel","mode":"connect-h2",\
                "identity":"spiffe://cluster.local/ns/default/sa/sleep","namespace":"default",\
                "source_address":"10.0.0.7","source_port":4711,"sni":"%s","port":443,%s,"policy_digest":"01",\
                "hello":{%s,"post_quantum":true,"size":517},\
                "bytes_received":%d,"bytes_sent":2,"durations_us":{"total":1500}}
                """.formatted(time, ++number, host, more, hello, received));
    }

    private CliRun findings(String... options) throws IOException {
        Files.writeString(records, lines);
        List<String> arguments = new ArrayList<>(List.of("findings", "--records", records.toString(), SINCE));
        arguments.addAll(List.of(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void nothing_stands_out_among_what_is_known_and_usual() throws IOException {
        usual(BEFORE, "a.test");
        usual(NOW, "a.test");

        CliRun run = findings();

        assertThat(run.out()).isEqualTo("nothing stands out\n");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void tells_where_a_client_never_went_before() throws IOException {
        usual(BEFORE, "a.test");
        usual(NOW, "a.test");
        record(NOW, "b.test", "\"verdict\":\"denied\",\"reason\":\"policy_denied\"", HELLO, 0);
        record(NOW.plusSeconds(5), "b.test", ALLOWED, HELLO, 0);

        CliRun run = findings("-o", "json");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .isEqualTo("{\"kind\":\"first-seen\",\"identity\":\"spiffe://cluster.local/ns/default/sa/sleep\","
                        + "\"host\":\"b.test\",\"port\":443,\"count\":2,\"first_seen\":\"2026-03-02T12:00:00Z\","
                        + "\"last_seen\":\"2026-03-02T12:00:05Z\",\"example\":\"a-3\","
                        + "\"detail\":\"first denied (policy_denied)\"}\n");
    }

    @Test
    void what_was_known_before_is_not_first_seen_in_whatever_order_it_was_written() throws IOException {
        usual(NOW, "a.test");
        usual(BEFORE, "a.test");

        assertThat(findings().exitCode()).isZero();
    }

    @Test
    void a_baseline_takes_the_place_of_a_history_that_is_too_young() throws IOException {
        usual(NOW, "a.test");
        usual(NOW, "b.test");
        Path baseline = file("baseline.txt", "default/* a.test:443\n");

        assertThat(findings().err())
                .contains("so every pair counts as first seen")
                .contains("--baseline");
        CliRun run = findings("--baseline", baseline.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("first-seen: default/sleep -> b.test:443")
                .doesNotContain("a.test");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ech             | \"verdict\":\"allowed\" | \"tls_versions\":[\"TLSv1.3\"],\"ech\":true",
                "old-tls         | \"verdict\":\"allowed\" | \"tls_versions\":[\"TLSv1.2\"],\"ech\":false",
                "no-sni          | \"verdict\":\"denied\",\"reason\":\"sni_missing\" | \"ech\":false",
                "name-mismatch   | \"verdict\":\"denied\",\"reason\":\"sni_mismatch\" | \"ech\":false",
                "name-mismatch   | \"verdict\":\"denied\",\"reason\":\"sni_changed\" | \"ech\":false",
                "private-address | \"verdict\":\"denied\",\"reason\":\"address_forbidden\" | \"ech\":false",
                "private-address | \"verdict\":\"allowed\",\"dropped\":[\"10.0.0.5 private\"] | \"ech\":false",
                "private-address | \"verdict\":\"allowed\",\"dialled_address\":\"192.168.1.1:443\" | \"ech\":false",
                "private-address | \"verdict\":\"allowed\",\"dialled_address\":\"[fd00::1]:443\" | \"ech\":false"
            })
    void tells_what_is_odd(String kind, String verdict, String hello) throws IOException {
        usual(BEFORE, "a.test");
        record(NOW, "a.test", verdict, hello, 1000);

        assertThat(findings("-o", "table").out().lines().toList().get(1)).startsWith(kind + " ");
        assertThat(findings("--kind", kind).out()).startsWith(kind + ": default/sleep -> a.test:443: ");
        assertThat(findings("--kind", "unusual-bytes").exitCode()).isZero();
    }

    @Test
    void an_address_of_the_internet_is_not_odd() throws IOException {
        usual(BEFORE, "a.test");
        record(NOW, "a.test", ALLOWED + ",\"dialled_address\":\"[2001:4860::1]:443\"", HELLO, 1000);

        assertThat(findings().exitCode()).isZero();
    }

    @Test
    void tells_of_far_more_octets_than_usual_once_enough_were_seen() throws IOException {
        for (int i = 0; i < 18; i++) {
            record(BEFORE, "a.test", ALLOWED, HELLO, 1000 + i);
        }
        record(NOW, "a.test", ALLOWED, HELLO, 50_000);
        assertThat(findings().exitCode()).isZero();

        record(NOW, "a.test", ALLOWED, HELLO, 11_000);

        // Median 1009, deviation 1 KiB at least: 11,249 and more is unusual.
        assertThat(findings().out())
                .isEqualTo(
                        "unusual-bytes: default/sleep -> a.test:443: sent 48.8KiB, where the median of 20 is 1010B and"
                                + " the deviation 1.0KiB (once, %s) [a-19]\n1 finding\n".formatted(local(NOW)));
        assertThat(findings("--factor", "50").exitCode()).isZero();
        assertThat(findings("--factor", "2").out()).contains("(2 times, ");
    }

    @Test
    void what_is_unusual_in_both_directions_is_told_once() throws IOException {
        for (int i = 0; i < 19; i++) {
            usual(BEFORE, "a.test");
        }
        record(NOW, "a.test", ALLOWED, HELLO, 50_000);
        int sent = lines.lastIndexOf("\"bytes_sent\":2");
        lines.replace(sent, sent + "\"bytes_sent\":2".length(), "\"bytes_sent\":70000");

        assertThat(findings("--kind", "unusual-bytes").out())
                .contains("sent 48.8KiB, where")
                .contains("; received 68.4KiB, where")
                .contains("(once, ");
    }

    private static String local(Instant time) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                .withZone(ZoneId.systemDefault())
                .format(time);
    }

    @Test
    void accepted_findings_are_not_told_until_their_day() throws IOException {
        usual(BEFORE, "a.test");
        usual(NOW, "b.test");
        record(NOW, "a.test", ALLOWED, "\"ech\":true", 1000);
        Path accepted = file("accepted.txt", """
                # reviewed on Mondays
                ech default/* *.test:443          # GREASE, says the browser team
                first-seen */sleep b.test:443 until 9999-12-31 # ticket 7
                """);

        CliRun run = findings("--suppress", accepted.toString());

        assertThat(run.out()).isEqualTo("nothing stands out; 2 suppressed\n");
        assertThat(run.exitCode()).isZero();

        file("accepted.txt", "* * * until 2020-01-01 # long ago\n");
        CliRun over = findings("--suppress", accepted.toString());

        assertThat(over.err()).contains(accepted + ":1: over since 2020-01-01");
        assertThat(over.out()).endsWith("2 findings\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ech default/sleep a.test:443 | says no reason",
                "ech default/sleep a.test:443 # | says no reason",
                "ehc default/sleep a.test:443 # typing | there is no kind ehc",
                "ech default/sleep # one word short | a line reads KIND WHO HOST:PORT",
                "ech default/sleep a.test:443 until # no day | a line reads KIND WHO HOST:PORT",
                "ech default/sleep a.test:443 until tomorrow # no day | is no date"
            })
    void a_line_that_cannot_be_meant_is_told_with_its_place(String line, String problem) throws IOException {
        usual(NOW, "a.test");
        Path accepted = file("accepted.txt", "# head\n" + line.replace("''", ""));

        CliRun run = findings("--suppress", accepted.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains(accepted + ":2: ").contains(problem);
    }

    @Test
    void a_kind_that_is_none_is_wrong_usage() throws IOException {
        CliRun run = findings("--kind", "odd");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("those are first-seen, ech");
    }
}
