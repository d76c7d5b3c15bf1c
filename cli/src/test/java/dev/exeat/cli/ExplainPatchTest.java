package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What explain proposes for files, made by the real tools: it flips the verdict and leaves the rest of the file alone. */
class ExplainPatchTest {
    private static final String DENY = """
            # Kept by the platform team.
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: none, namespace: default}
            spec:
              action: Deny
              destinations:
              - hosts:
                - "a.test"   # the first
                - 'b.test'   # the second
            """;
    private static final String OTHER = """
            ---
            # Another.
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: other, namespace: default}
            spec: {action: Deny, destinations: [{hosts: [b.test, c.test]}]}
            """;

    @TempDir
    Path directory;

    private static CliRun explain(Path policies, String host, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "explain",
                "--as",
                "default/sleep",
                "--to",
                host,
                "--registry",
                "ALLOW_ANY",
                "-f",
                policies.toString()));
        words.addAll(List.of(more));
        return CliRun.of(words.toArray(String[]::new));
    }

    private Path write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private void patch(String answer) throws IOException {
        Path answered = Files.writeString(directory.resolve("answer"), answer);
        CommandRun run = CommandRun.of("patch", "-p1", "-d", "/", "-i", answered.toString());
        assertThat(run.exitCode()).as("%s%n%s", run, answer).isZero();
    }

    /** What is printed for people is fed to patch as it is. */
    private void assertFlips(Path file, String host) throws IOException {
        CliRun denied = explain(directory, host);
        assertThat(denied.exitCode()).as(denied.out() + denied.err()).isEqualTo(ExitCode.FAILED);
        assertThat(denied.out()).contains("patch -p1 -d /");

        patch(denied.out());

        Path left = Files.exists(file) ? directory : Files.writeString(directory.resolve("empty.yaml"), "");
        CliRun allowed = explain(left, host);
        assertThat(allowed.exitCode()).as(allowed.out() + allowed.err()).isEqualTo(ExitCode.OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void the_line_of_a_host_goes_and_comments_stay(String lineEnd) throws IOException {
        String text = (DENY + OTHER).replace("\n", lineEnd);
        Path file = write("policies.yaml", text);

        assertFlips(file, "a.test");

        assertThat(Files.readString(file)).isEqualTo(text.replace("    - \"a.test\"   # the first" + lineEnd, ""));
    }

    @Test
    void a_file_without_a_last_line_feed_and_with_blanks_in_its_name_is_patched() throws IOException {
        Path file = write("of the team/my policies.yaml", DENY.replace("   # the second\n", ""));

        assertFlips(file, "b.test");

        assertThat(Files.readString(file)).isEqualTo(DENY.substring(0, DENY.indexOf("    - 'b.test'")));
    }

    @Test
    void two_changes_of_one_file_are_made_one_after_the_other() throws IOException {
        Path file = write("policies.yaml", DENY + OTHER);

        assertFlips(file, "b.test");

        assertThat(Files.readString(file))
                .isEqualTo((DENY + OTHER)
                        .replace("    - 'b.test'   # the second\n", "")
                        .replace("[b.test, c.test]", "[c.test]"));
    }

    @Test
    void the_expression_of_a_mixer_rule_gets_an_exception() throws IOException {
        Path file = write("rules.yaml", """
                apiVersion: config.istio.io/v1alpha2
                kind: handler
                metadata: {name: deny, namespace: istio-system}
                spec:
                  compiledAdapter: denier
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: instance
                metadata: {name: check, namespace: istio-system}
                spec:
                  compiledTemplate: checknothing
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: deny, namespace: istio-system}
                spec:
                  match: >-   # all that is TLS
                    (connection.requested_server_name | "")
                    != ""
                  actions:
                  - handler: deny   # always
                    instances: [check]
                """);

        assertFlips(file, "a.test");

        assertThat(Files.readString(file)).contains("- handler: deny   # always", "!= \"a.test\"");
        assertThat(explain(directory, "b.test").exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void git_applies_what_is_told_to_programs() throws IOException {
        Path file = write("policies.yaml", DENY + OTHER);
        JsonNode change = new JsonMapper()
                .readTree(explain(directory, "a.test", "-o", "json").out())
                .at("/changes/0");
        assertThat(change.get("file").asString()).isEqualTo(file.toRealPath().toString());
        assertThat(change.has("merge_patch")).isFalse();
        Path diff = write("change.diff", change.get("diff").asString());

        CommandRun run =
                Command.of("git", "apply", diff.toString()).in(Path.of("/")).run();

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(explain(file, "a.test").exitCode()).isEqualTo(ExitCode.OK);
    }
}
