package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ObserveCommandTest {
    private static final String CARRIED = """
            {"version":1,"time":"2026-01-02T03:04:05.000006Z","id":"abc-1","event":"final","listener":"tunnel",\
            "mode":"connect-h2","identity":"spiffe://cluster.local/ns/default/sa/sleep-us","namespace":"default",\
            "service_account":"sleep-us","source_address":"10.0.0.7","source_port":4711,"sni":"en.wikipedia.org",\
            "port":443,"dialled_address":"1.2.3.4:443","verdict":"allowed","policy_digest":"0123456789abcdef",\
            "hello":{"tls_versions":["TLSv1.3"],"alpn":["h2"],"ech":false,"post_quantum":true,"size":517},\
            "bytes_received":1500,"bytes_sent":3000000,"durations_us":{"total":1500000}}""";
    private static final String REFUSED = """
            {"version":1,"time":"2026-01-02T03:05:05.000006Z","id":"abc-2","event":"final","listener":"tunnel",\
            "mode":"connect-h2","identity":"spiffe://cluster.local/ns/other/sa/builder","namespace":"other",\
            "service_account":"builder","source_address":"10.0.0.8","source_port":4712,"sni":"x.test",\
            "port":8443,"verdict":"denied","reason":"policy_denied","message":"EgressPolicy/other/no denies it",\
            "rule":{"kind":"EgressPolicy","namespace":"other","name":"no","index":0},"policy_digest":"0123456789abcdef",\
            "hello":{"tls_versions":["TLSv1.2"],"ech":true,"post_quantum":false,"size":517},\
            "bytes_received":0,"bytes_sent":0,"durations_us":{"total":900}}""";

    @TempDir
    private Path directory;

    private Path records;

    @BeforeEach
    void write() throws IOException {
        records = directory.resolve("records.jsonl");
        Files.writeString(records, CARRIED + "\n" + REFUSED + "\n");
    }

    private CliRun observe(String... options) {
        List<String> arguments = new ArrayList<>(List.of("observe", "--records", records.toString()));
        arguments.addAll(List.of(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void tells_of_each_connection_in_a_sentence() {
        CliRun run = observe();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.out())
                .contains(" allowed default/sleep-us -> en.wikipedia.org:443"
                        + " (TLSv1.3, h2, pq, 1.5KiB out, 2.9MiB in, 1.5s) [policy 01234567, abc-1]")
                .contains(" denied other/builder -> x.test:8443 (TLSv1.2, ech) for policy_denied:"
                        + " EgressPolicy/other/no denies it [policy 01234567, abc-2]");
    }

    @Test
    void what_an_audit_let_pass_and_the_guard_stopped_is_denied() throws IOException {
        String audited = REFUSED.replace(
                "\"reason\":\"policy_denied\"",
                "\"would_verdict\":\"denied\",\"would_reason\":\"policy_denied\",\"reason\":\"address_forbidden\"");
        Files.writeString(records, audited + "\n" + CARRIED.replace("\"policy_digest\"", """
                "would_verdict":"denied","would_reason":"host_unknown","policy_digest\"""") + "\n");

        assertThat(observe().out())
                .contains(" denied other/builder -> x.test:8443 (TLSv1.2, ech) for address_forbidden:")
                .contains(" would-deny default/sleep-us -> en.wikipedia.org:443")
                .contains(" despite host_unknown ");
    }

    @Test
    void no_text_of_a_record_steers_the_terminal() throws IOException {
        String hostile = "x\\u001b[2J\\n";
        Files.writeString(
                records,
                REFUSED.replace("abc-2", "abc-2" + hostile)
                                .replace("policy_denied", hostile)
                                .replace("0123456789abcdef", hostile)
                                .replace("\"bytes_received\"", "\"flag\":\"" + hostile + "\",\"bytes_received\"")
                        + "\n");

        for (String form : new String[] {"compact", "table", "wide"}) {
            assertThat(observe("-o", form).out())
                    .doesNotContain("\u001b")
                    .satisfies(out -> assertThat(out.lines()).hasSize(form.equals("compact") ? 1 : 2));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--identity=default/*, abc-1",
        "--identity=spiffe://cluster.local/ns/other/sa/builder, abc-2",
        "--namespace=other, abc-2",
        "--host=*.WIKIPEDIA.org, abc-1",
        "--port=8443, abc-2",
        "--verdict=denied, abc-2",
        "--reason=policy_denied, abc-2",
        "--rule=other/no, abc-2",
        "--policy=0123, abc-1 abc-2",
        "--policy=1, ''",
        "--ech, abc-2",
        "--pq, abc-1",
        "--not=ech, abc-1",
        "--not=host=*.test, abc-1",
        "--not=tls=TLSv1.3, abc-2",
        "--since=2026-01-02T03:05:00Z, abc-2",
        "--until=2026-01-02T03:05:00Z, abc-1",
        "--since=2026-01-02, abc-1 abc-2",
        "--since=1h, ''",
        "--last=1, abc-2",
    })
    void an_option_narrows_what_is_shown(String option, String ids) {
        CliRun run = observe(option, "-o", "jsonl");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()
                        .lines()
                        .map(line ->
                                JsonMapper.shared().readTree(line).path("id").asString("")))
                .containsExactlyElementsOf(List.of(ids.split(" ")).stream()
                        .filter(id -> !id.isEmpty())
                        .toList());
    }

    @Test
    void json_is_an_array() {
        assertThat(JsonMapper.shared().readTree(observe("-o", "json").out())).hasSize(2);
        assertThat(observe("-o", "json", "--host", "nothing").out()).isEqualTo("[]\n");
    }

    @Test
    void a_table_has_a_head_and_a_row_each() {
        assertThat(observe("-o", "table").out().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("TIME ")
                .endsWith("RECEIVED");
        assertThat(observe("-o", "wide").out()).contains("1.2.3.4:443").contains("abc-2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--verdict=no | there is no verdict no; those are allowed, denied, failed, would-deny",
                "--not=colour=red | there is no field colour",
                "--not=host | needs a value",
                "--since=yesterday | is no time; write how long ago",
                "--last=0 | --last takes a number from 1",
                "-f | -f follows the history, not a file",
            })
    void says_what_is_wrong_with_an_option(String option, String message) {
        CliRun run = observe(option);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(message);
    }

    @Test
    void passes_over_a_line_that_is_no_record_and_says_so() throws IOException {
        Files.writeString(records, CARRIED + "\n{\"id\":5}\n" + REFUSED + "\n");

        CliRun run = observe("-o", "jsonl", "--since=2026-01-01");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err()).startsWith(records + ":2: passed over, for it is no record of a connection (");
    }

    @Test
    void leaves_out_a_last_line_that_is_still_written() throws IOException {
        Files.writeString(records, CARRIED + "\n" + REFUSED.substring(0, 50));

        assertThat(observe("-o", "jsonl").out().lines()).hasSize(1);
    }

    @Test
    void says_where_a_history_could_be() {
        CliRun run =
                CliRun.of("observe", "--data-dir", directory.resolve("none").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains("there is no flow store").contains("--data-dir");
    }

    @Test
    void the_command_line_wins_over_a_server_of_the_environment() {
        Map<String, String> server = Map.of("EXEAT_SERVER", "https://127.0.0.1:1", "EXEAT_TOKEN_FILE", "/none");

        assertThat(CliRun.of(server, "observe", "--records", records.toString())
                        .out()
                        .lines())
                .hasSize(2);
        assertThat(CliRun.of(server, "observe", "--history", "postgresql://a@127.0.0.1:1/a")
                        .err())
                .contains("flow store")
                .doesNotContain("server");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--records=r.jsonl | name one of them",
                "--history=postgresql://a@b/c | name one of them",
                "--last=10001 | a server tells of the last 10000 at most",
            })
    void says_what_does_not_go_with_a_server(String option, String message) {
        CliRun run = CliRun.of("observe", "--server", "https://127.0.0.1:1", "--token-file", "/none", option);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(message);
    }

    @Test
    void a_hostile_name_does_not_steer_the_terminal() throws IOException {
        Files.writeString(records, CARRIED.replace("en.wikipedia.org", "a\\u001b[2Jb\\u202e") + "\n");

        assertThat(observe().out()).doesNotContain("\u001b").doesNotContain("\u202e");
    }
}
