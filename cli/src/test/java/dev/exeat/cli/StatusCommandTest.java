package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.local.ControlSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code exeat status} makes of the answers of a gateway's control socket. */
class StatusCommandTest {
    @TempDir
    private Path directory;

    private final AtomicInteger asked = new AtomicInteger();

    private CliRun status(List<Map<String, ?>> pieces, String... arguments) {
        return status(_ -> pieces, arguments);
    }

    /** @param answers by how often it was asked before */
    private CliRun status(IntFunction<List<Map<String, ?>>> answers, String... arguments) {
        List<String> words = new ArrayList<>(List.of("status"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--data-dir", directory.toString()));
        try (ControlSocket _ = ControlSocket.open(
                directory,
                Map.of(
                        "status",
                        _ -> answers.apply(asked.getAndIncrement()).stream().map(piece -> piece)))) {
            return CliRun.of(words.toArray(String[]::new));
        }
    }

    private static Map<String, ?> policy(int errors) {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("policy_digest", "sha256:12ab");
        policy.put("since", Instant.now().minusSeconds(7300).toString());
        policy.put("objects", 5);
        policy.put("rules", 2);
        policy.put("registry", "registry-only");
        policy.put("enforcement", "enforce");
        policy.put("errors", errors);
        policy.put("warnings", 1);
        return Map.of("policy", policy);
    }

    private static Map<String, ?> server(int version) {
        return Map.of("server", Map.of("resource_version", version));
    }

    private static Map<String, ?> gateway(String name, String state, int version) {
        return Map.of(
                "gateway",
                Map.of(
                        "name",
                        name,
                        "state",
                        state,
                        "policy_digest",
                        "sha256:34cd",
                        "resource_version",
                        version,
                        "reported_seconds_ago",
                        3,
                        "version",
                        "1.0"));
    }

    @Test
    void tells_what_is_in_force_and_who_has_it() {
        CliRun run = status(List.of(policy(0), server(9), gateway("eu", "live", 9), gateway("us", "away", 7)));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("policy    sha256:12ab, in force for 2 hours, since "),
                        line -> assertThat(line)
                                .isEqualTo("objects   5, with 2 rules; registry registry-only, enforcement enforce"),
                        line -> assertThat(line).isEqualTo("problems  0 errors, 1 warning"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "gateway   eu: live, policy sha256:34cd, version 9, reported 3 seconds ago, exeat 1.0"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "gateway   us: away, policy sha256:34cd, version 7 of 9, reported 3 seconds ago, exeat 1.0"));
    }

    @Test
    void a_problem_stands_with_its_place_and_cure_and_makes_the_exit_code_1() {
        CliRun run = status(List.of(
                policy(1),
                Map.of(
                        "problem",
                        Map.of(
                                "severity", "error",
                                "place", "policy.yaml:3:5",
                                "object", "rule/default/check\u001b[31m",
                                "field", "match",
                                "message", "no such attribute",
                                "code", "cexl-attribute",
                                "cure", "name another"))));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("  policy.yaml:3:5: error: rule/default/check")
                .contains("match: no such attribute [cexl-attribute]\n      name another\n")
                .doesNotContain("\u001b");
    }

    @Test
    void tells_of_ends_and_of_a_server_that_is_away() {
        CliRun run = status(List.of(
                policy(0),
                Map.of(
                        "follows",
                        Map.of(
                                "server",
                                "https://up:8443",
                                "resource_version",
                                7,
                                "age_seconds",
                                180,
                                "connected",
                                false,
                                "from_disk",
                                true,
                                "problem",
                                "connection refused")),
                Map.of(
                        "deadline",
                        Map.of(
                                "object", "EgressPolicy/default/trial",
                                "ends", "audit",
                                "until",
                                        Instant.now()
                                                .plusSeconds(3 * 86_400 + 60)
                                                .toString())),
                Map.of(
                        "deadline",
                        Map.of(
                                "object", "EgressPolicy/default/past",
                                "ends", "allowance",
                                "until", Instant.now().minusSeconds(600).toString())),
                Map.of("effect", Map.of("object", "EnvoyFilter/default/x", "effect", "does nothing here"))));

        assertThat(run.out())
                .contains("follows   https://up:8443, version 7, confirmed 3 minutes ago, from the disk; not connected:"
                        + " connection refused")
                .contains("ends      EgressPolicy/default/trial: its audit ends in 3 days, ")
                .contains("ends      EgressPolicy/default/past: its allowance ended 10 minutes ago, ")
                .contains("note      EnvoyFilter/default/x: does nothing here");
    }

    @Test
    void waits_until_the_live_gateways_have_what_the_server_had_at_first() {
        CliRun run = status(
                times -> List.of(
                        policy(0),
                        server(9 + times), // What is written meanwhile is not waited for.
                        gateway("eu", "live", times < 2 ? 8 : 9),
                        gateway("us", "away", 1)),
                "--wait");

        assertThat(run.exitCode()).isZero();
        assertThat(asked).hasValue(3);
        assertThat(run.out()).contains("gateway   eu: live, policy sha256:34cd, version 9 of 11");
    }

    @Test
    void says_who_is_behind_when_the_time_is_over() {
        CliRun run = status(
                List.of(policy(0), server(9), gateway("eu", "live", 9), gateway("us", "live", 7)),
                "--wait",
                "--timeout",
                "250ms");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("after 250 ms these gateways do not have the newest version: us");
        assertThat(run.out()).contains("gateway   us: live");
        assertThat(asked.get()).isBetween(2, 4);
    }

    @Test
    void one_that_knows_no_gateways_is_not_waited_for() {
        CliRun run = status(List.of(policy(0)), "--wait");

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains("knows no other gateways");
    }

    @Test
    void without_a_process_it_says_so() {
        CliRun run = CliRun.of("status", "--data-dir", directory.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains(directory.toString());
    }
}
