package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidateCommandTest {
    private static final Path SAMPLES = Path.of("..", "samples");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep",
                "wikipedia",
                "first-policy",
                "egress-policy",
                "wildcard-hosts/mutual-tls.yaml",
                "wildcard-hosts/plain.yaml"
            })
    void the_samples_have_no_errors(String sample) {
        CliRun run = CliRun.of("validate", "-f", SAMPLES.resolve(sample).toString());

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains(": 0 errors");
    }

    @Test
    void tells_place_and_cure_of_a_problem_and_ends_with_1() throws IOException {
        Path file = directory.resolve("bad.yaml");
        Files.writeString(file, """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  nam: wikipedia
                """);

        CliRun run = CliRun.of("validate", "-f", file.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains(file + ":4:")
                .contains("error: ")
                .contains("nam")
                .contains("did you mean");
    }

    @Test
    void shows_no_control_characters_of_a_file() throws IOException {
        Path file = directory.resolve("bad.yaml");
        Files.writeString(file, "apiVersion: v1\nkind: \"\\e[2J\"\nmetadata: {name: x}\n");

        CliRun run = CliRun.of("validate", "-f", file.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).doesNotContain("\u001b");
    }

    @Test
    void could_not_tell_of_a_file_that_is_not_there() {
        CliRun run = CliRun.of("validate", "-f", directory.resolve("none.yaml").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains("there is no file or directory");
    }
}
