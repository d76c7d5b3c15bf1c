package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    private static final String ACL = """
            version: v1
            services:
            - name: payments
              project: team-money
              action: enforce
              allowed_domains: [api.bank.example]
            """;

    @TempDir
    Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("acl.yaml"), text);
    }

    @Test
    void prints_policies_that_validate_and_tells_losses_beside_them() throws IOException {
        CliRun run = CliRun.of("import", "smokescreen", file(ACL).toString(), "-n", "shop", "--name", "old");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("name: \"old-payments\"")
                .contains("- \"shop/payments\"")
                .contains("- \"api.bank.example\"");
        assertThat(run.err()).contains("acl.yaml:1:1: ports: ");
        Path policies = Files.writeString(directory.resolve("out.yaml"), run.out());
        CliRun validated = CliRun.of("validate", "-f", policies.toString());
        assertThat(validated.exitCode()).as(validated.out()).isEqualTo(ExitCode.OK);
        assertThat(validated.out()).contains("2 EgressPolicy");
    }

    @Test
    void losses_fail_if_asked() throws IOException {
        CliRun run = CliRun.of("import", "smokescreen", file(ACL).toString(), "--fail-on-loss");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("kind: EgressPolicy");
    }

    @Test
    void a_file_of_another_kind_fails_with_its_place() throws IOException {
        CliRun run = CliRun.of("import", "cilium", file(ACL).toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("acl.yaml:1:1: error: ").contains("CiliumNetworkPolicy");
    }

    @Test
    void a_source_that_is_not_known_is_wrong_usage_and_a_missing_file_cannot_be_told() {
        CliRun unknown = CliRun.of("import", "iptables", "x");
        CliRun missing =
                CliRun.of("import", "harden-runner", directory.resolve("none").toString());

        assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("harden-runner");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.UNKNOWN);
    }

    @Test
    void shows_no_control_characters_of_a_file() throws IOException {
        CliRun run = CliRun.of(
                "import",
                "smokescreen",
                file(ACL.replace("payments", "\"\\e[2J\"")).toString());

        assertThat(run.out() + run.err()).doesNotContain("\u001b");
    }
}
