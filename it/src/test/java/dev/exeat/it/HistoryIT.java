package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The history that a gateway keeps, through the commands that read it. */
class HistoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private String dataDir() {
        return directory.resolve("data").toString();
    }

    private CommandRun exeat(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(command, "--data-dir", dataDir()));
        words.addAll(List.of(more));
        return Program.exeat(words.toArray(String[]::new)).run();
    }

    private List<JsonNode> observe(String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.addAll(List.of("-o", "jsonl", "--since", "1h"));
        CommandRun run = exeat("observe", options.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run.stdout().lines().map(JsonMapper.shared()::readTree).toList();
    }

    private HostileClient open(String host) throws Exception {
        HostileClient client = rig.tunnelTo(host);
        assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        return client;
    }

    @Test
    void a_kill_loses_no_connection_and_those_it_cut_are_closed_as_lost() throws Exception {
        try (HostileClient _ = open("allowed.test")) {
            await().atMost(LIMIT)
                    .until(() -> observe().stream()
                            .anyMatch(flow -> flow.path("event").asString("").equals("open")));
            rig.gateway.process().kill();
        }
        try (Program.Running _ = rig.another()) {
            await().atMost(LIMIT)
                    .until(() -> observe("--host", "allowed.test").stream()
                            .allMatch(flow -> flow.path("event").asString("").equals("final")));
            JsonNode lost = observe("--host", "allowed.test").getFirst();

            assertThat(lost.path("flag").asString("")).isEqualTo("lost");
            assertThat(lost.path("verdict").asString("")).isEqualTo("allowed");
        }
    }

    @Test
    void what_happens_is_seen_as_it_happens_and_can_be_explained_and_replayed() throws Exception {
        BackgroundProcess following = Program.exeat("observe", "-f", "--data-dir", dataDir(), "--host", "allowed.test")
                .start();
        List<HostileClient> clients = new ArrayList<>();
        try (following) {
            // Its start is not seen from outside: one more each time, until it surely looks. All stay open meanwhile,
            // for of one that ends at once only the end may be written.
            await().atMost(LIMIT).until(() -> {
                clients.add(open("allowed.test"));
                return following.stdout().stream().anyMatch(line -> line.contains(" open "));
            });
            clients.forEach(HostileClient::close);
            following.awaitLine(" allowed .* -> allowed\\.test", LIMIT);
        }
        String id = observe().getFirst().path("id").asString("");
        assertThat(exeat("explain", id).stdout()).contains("allowed.test");

        CommandRun findings = exeat("findings", "--kind", "first-seen,private-address");
        assertThat(findings.exitCode()).as(findings.toString()).isOne();
        assertThat(findings.stderr()).contains("so every pair counts as first seen");
        assertThat(findings.stdout())
                .contains("first-seen: default/sleep-us -> allowed.test:")
                .containsPattern(
                        "private-address: .* -> allowed\\.test:.*: dialled 127\\.0\\.10\\.1:[0-9]+, by an exception");

        CommandRun unused =
                Program.exeat("rules", "unused", "--data-dir", dataDir()).run();
        assertThat(unused.exitCode()).as(unused.toString()).isZero();
        assertThat(unused.stdout()).startsWith("0 of 1 rules were not needed since ");
        assertThat(unused.stderr()).startsWith("the history begins at ");

        Path proposed = directory.resolve("proposed.yaml");
        Program.write(proposed, """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: proposed, namespace: istio-system}
                spec:
                  tier: platform
                  action: Deny
                  destinations: [{hosts: [allowed.test]}]
                """);
        CommandRun replay = exeat("replay", "-f", rig.manifests + "," + proposed, "--against", "running", "-o", "json");
        assertThat(replay.exitCode()).as(replay.toString()).isOne();
        assertThat(replay.stdout()).contains("\"because\":\"EgressPolicy/istio-system/proposed denies it\"");
    }
}
