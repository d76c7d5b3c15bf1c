package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.local.ControlSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ConnCommandTest {
    private static final Map<String, Object> CONNECTION = new LinkedHashMap<>(Map.of(
            "id",
            "abc-1",
            "identity",
            "spiffe://corp.test/ns/default/sa/sleep",
            "host",
            "en.wikipedia.org",
            "port",
            443,
            "stage",
            "carrying",
            "age_ms",
            3_700_000,
            "idle_ms",
            1234,
            "bytes_sent",
            1023,
            "bytes_received",
            1_572_864,
            "rule",
            "rule/istio-system/\u001b[31mcheck\u202e[0]"));

    @TempDir
    private Path directory;

    private final List<Map<String, String>> questions = new ArrayList<>();

    private CliRun conn(List<Map<String, Object>> open, String... arguments) {
        List<String> words = new ArrayList<>(List.of("conn"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--data-dir", directory.toString()));
        try (ControlSocket _ = ControlSocket.open(
                directory,
                Map.of(
                        "connections",
                                question -> {
                                    questions.add(question);
                                    return open.stream().map(one -> one);
                                },
                        "kill",
                                question -> {
                                    questions.add(question);
                                    return question.containsKey("ids")
                                            ? each(question.get("ids"))
                                            : each("abc-7 abc-8");
                                },
                        "limits", _ -> Stream.of(Map.of("limit", "max-connections", "used", 1, "most", 2))))) {
            return CliRun.of(words.toArray(String[]::new));
        }
    }

    private static Stream<Map<String, ?>> each(String ids) {
        return Arrays.stream(ids.split(" ")).map(id -> Map.of("id", id, "killed", !id.equals("abc-9")));
    }

    @Test
    void a_table_shows_ages_and_octets_as_people_read_them() {
        CliRun run = conn(List.of(CONNECTION), "list");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "ID     IDENTITY                                HOST                  STAGE     AGE   IDLE  SENT    RECEIVED",
                        "abc-1  spiffe://corp.test/ns/default/sa/sleep  en.wikipedia.org:443  carrying  1h1m  1.2s  1023 B  1.5 MiB");
    }

    @Test
    void what_is_not_known_yet_is_a_dash() {
        CliRun run = conn(List.of(Map.of("id", "abc-1", "stage", "hello", "age_ms", 59_999)), "list", "-o", "wide");

        assertThat(run.out().lines().skip(1))
                .first()
                .asString()
                .startsWith("abc-1  -         -     hello  60.0s")
                .endsWith("-         -     -");
    }

    @Test
    void no_text_of_an_object_steers_the_terminal() {
        for (String output : List.of("wide", "json", "yaml")) {
            assertThat(conn(List.of(CONNECTION), "list", "-o", output).out())
                    .as(output)
                    .contains("check")
                    .doesNotContain("\u001b", "\u202e");
        }
    }

    @Test
    void json_is_an_object_a_line() {
        CliRun run = conn(List.of(CONNECTION, CONNECTION), "list", "-o", "json");

        JsonMapper json = JsonMapper.shared();
        assertThat(run.out().lines().map(json::readTree)).hasSize(2).containsOnly(json.valueToTree(CONNECTION));
    }

    @Test
    void yaml_is_a_list_also_of_nothing() {
        String one = conn(List.of(CONNECTION), "list", "-o", "yaml").out();

        assertThat(one.lines().findFirst()).get().asString().startsWith("- ");
        assertThat(one)
                .contains("id: abc-1\n")
                .contains("port: 443\n")
                .contains("rule: \"rule/istio-system/\\e[31mcheck\\u202e[0]\"\n");
        assertThat(conn(List.of(), "list", "-o", "yaml").out()).isEqualTo("[]\n");
        assertThat(conn(List.of(), "limits", "-o", "yaml").out()).contains("limit: max-connections\n");
    }

    @Test
    void the_gateway_filters() {
        conn(List.of(), "list", "--host", "*.Wikipedia.ORG", "--identity", "default/sleep", "--rule", "a/b/c");

        assertThat(questions)
                .containsExactly(Map.of("host", "*.wikipedia.org", "identity", "default/sleep", "rule", "a/b/c"));
    }

    @Test
    void a_filter_that_can_match_nothing_is_wrong_usage() {
        assertThat(conn(List.of(), "list", "--host", "a.*.test").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(conn(List.of(), "list", "--host", "10.0.0.1").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(conn(List.of(), "list", "--identity", "sleep").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(conn(List.of(), "kill", "--identity", "a/b/c").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(questions).isEmpty();
    }

    @Test
    void kill_by_filter_is_one_question_and_tells_who_was_ended() {
        CliRun run = conn(List.of(), "kill", "--host", "*.wikipedia.org");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).containsExactly("abc-7 ended", "abc-8 ended");
        assertThat(questions).containsExactly(Map.of("host", "*.wikipedia.org"));
    }

    @Test
    void kill_by_ids_is_one_question_and_fails_if_one_is_not_open() {
        CliRun run = conn(List.of(), "kill", "abc-1", "abc-9");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out().lines()).containsExactly("abc-1 ended", "abc-9 is not open");
        assertThat(questions).containsExactly(Map.of("ids", "abc-1 abc-9"));
    }

    @Test
    void more_ids_than_a_question_holds_are_ended_all_the_same() {
        Stream<String> ids = IntStream.range(0, 1234).mapToObj(i -> "a1b2c3d4-" + (1_000_000_000L + i));

        CliRun run = conn(List.of(), Stream.concat(Stream.of("kill"), ids).toArray(String[]::new));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(1234);
        assertThat(questions).hasSize(3);
    }

    @Test
    void ids_and_filters_do_not_go_together() {
        assertThat(conn(List.of(), "kill", "abc-1", "--host", "a.test").exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(questions).isEmpty();
    }
}
