package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.HelloCases;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExplainCommandTest {
    @TempDir
    Path directory;

    @BeforeEach
    void policies() throws IOException {
        Files.writeString(directory.resolve("policies.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: wikipedia, namespace: default}
                spec:
                  hosts: ["*.wikipedia.org", allowed.test]
                  ports: [{number: 443, name: tls, protocol: TLS}]
                ---
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: no-english, namespace: istio-system}
                spec:
                  tier: platform
                  action: Deny
                  reason: "bad \\u001b[2Jnews"
                  sources: [{namespaces: [default]}]
                  destinations: [{hosts: [en.wikipedia.org]}]
                """);
    }

    private CliRun explain(String... arguments) {
        List<String> words = new ArrayList<>(List.of("explain"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("-f", directory.toString()));
        return CliRun.of(words.toArray(String[]::new));
    }

    @Test
    void a_denial_has_its_policy_its_place_and_a_change_and_ends_with_1() {
        CliRun run = explain("--as", "default/sleep", "--to", "en.wikipedia.org");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .startsWith("denied")
                .contains("EgressPolicy/istio-system/no-english")
                .contains("policies.yaml:8:1")
                .contains("To allow it:")
                .doesNotContain("\u001b");
    }

    @Test
    void what_is_allowed_ends_with_0() {
        CliRun run = explain("--as", "other/sleep", "--to", "en.wikipedia.org");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).startsWith("allowed").contains("To deny it:");
    }

    @Test
    void the_nearest_miss_is_told() {
        assertThat(explain("--to", "wikipedia.org").out())
                .contains("nearest: ")
                .contains("covers *.wikipedia.org, which does not include wikipedia.org itself");
    }

    @Test
    void json_says_the_same_to_programs() {
        CliRun run = explain("--as", "default/sleep", "--to", "en.wikipedia.org:443", "-o", "json");
        JsonNode answer = new JsonMapper().readTree(run.out());

        assertThat(run.out().lines()).hasSize(1);
        assertThat(answer.get("verdict").asString()).isEqualTo("denied");
        assertThat(answer.get("reason").asString()).isEqualTo("policy_denied");
        assertThat(answer.get("rule").asString()).isEqualTo("EgressPolicy/istio-system/no-english[0]");
        assertThat(answer.get("steps")).isNotEmpty();
        assertThat(answer.get("changes")).isNotEmpty();
        assertThat(answer.has("recorded")).isFalse();
    }

    @Test
    void a_hello_from_a_file_is_judged_as_it_is() throws IOException {
        Path hello = directory.resolve("hello.bin");
        Files.write(hello, HelloCases.of("N01").octets());

        assertThat(explain("--to", "allowed.test", "--hello", hello.toString()).exitCode())
                .isEqualTo(ExitCode.OK);
        assertThat(explain("--to", "en.wikipedia.org", "--hello", hello.toString())
                        .err())
                .contains("sni_mismatch");
    }

    @ParameterizedTest
    @CsvSource({
        "--as a/b/c --to x.test, NAMESPACE/SERVICE_ACCOUNT",
        "--to nodots, --to nodots",
        "--to x.test --from here, --from here",
        "--as default/sleep, --to",
        "a-1 --to x.test, not both",
        "--server --to x.test, not both",
        "--to x.test --records r.jsonl, --records needs"
    })
    void wrong_use_is_told_with_exit_code_2(String arguments, String told) {
        CliRun run = explain(arguments.split(" "));

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(told);
    }

    @Test
    void without_any_policies_it_asks_which() {
        CliRun run = CliRun.of("explain", "--to", "x.test");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("-f").contains("--server");
    }

    @Test
    void policies_of_which_a_part_cannot_be_read_say_nothing() throws IOException {
        Files.writeString(directory.resolve("broken.yaml"), "apiVersion: v1\nkind: [\n");

        CliRun run = explain("--as", "other/sleep", "--to", "en.wikipedia.org");

        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains("broken.yaml:").contains("cannot be told");
    }

    @Test
    void a_server_that_workload_proxies_are_told_of_is_none_of_its_business() {
        CliRun run = CliRun.of(
                Map.of("EXEAT_SERVER", "https://127.0.0.1:10943"),
                "explain",
                "--to",
                "allowed.test",
                "-f",
                directory.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void how_a_running_gateway_reads_policies_is_not_said_from_outside() {
        CliRun run = CliRun.of("explain", "--to", "x.test", "--server", "--registry", "ALLOW_ANY");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--registry goes with -f");
    }

    @Test
    void what_cannot_be_read_cannot_be_told() {
        CliRun run = CliRun.of(
                "explain", "--to", "x.test", "-f", directory.resolve("none").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
    }
}
