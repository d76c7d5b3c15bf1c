package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import tools.jackson.databind.ObjectMapper;

/** Verdicts of a running gateway, explained by it and by its records; and the change that it proposes, applied. */
class ExplainIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(directory);
        Program.write(rig.manifests.resolve("egress.yaml"), """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata:
                  name: only-allowed
                  namespace: default
                spec:
                  action: Allow
                  until: 2099-01-01
                  sources:
                  - serviceAccounts: [sleep-us]
                  destinations:
                  - hosts: [allowed.test]
                    ports: [%s]
                """.formatted(
                        rig.authority("x").substring(2)));
        await().atMost(LIMIT).until(() -> refused("two.test"));
        rig.settle();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private boolean refused(String host) throws Exception {
        try (HostileClient client = rig.as("a", "http/1.1")) {
            return client.connect(rig.authority(host)).startsWith("HTTP/1.1 403");
        }
    }

    private CommandRun explain(String... arguments) {
        List<String> words = new ArrayList<>(List.of("explain"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--data-dir", directory.resolve("data").toString()));
        return Program.exeat(words.toArray(String[]::new)).run();
    }

    private JsonNode denied() throws Exception {
        int before = rig.records().size();
        assertThat(refused("two.test")).isTrue();
        return rig.recordAfter(before);
    }

    @Test
    void a_connection_is_explained_by_its_id() throws Exception {
        String id = denied().get("id").asString();

        CommandRun run = explain(id);

        assertThat(run.exitCode()).as(run.stderr()).isEqualTo(1);
        assertThat(run.stdout())
                .contains(id + " at ")
                .contains("was denied (policy_denied)")
                .contains("The same policy says:")
                .contains("no EgressPolicy allows spiffe://rig.test/ns/default/sa/sleep-us")
                .contains("EgressPolicy/default/only-allowed")
                .contains("egress.yaml:1:1")
                .contains("To allow it:");
    }

    @Test
    void a_connection_is_explained_by_its_record_and_files() throws Exception {
        String id = denied().get("id").asString();
        String records = directory.resolve("records.jsonl").toString();

        CommandRun asked = explain(id, "--records", records);
        CommandRun alone = explain(
                id, "--records", records, "-f", rig.manifests.toString(), "--trust-domain", "rig.test", "-o", "json");

        assertThat(asked.exitCode()).as(asked.stderr()).isEqualTo(1);
        assertThat(asked.stdout()).contains("The same policy says:");
        JsonNode answer = JSON.readTree(alone.stdout());
        assertThat(answer.at("/recorded/id").asString()).isEqualTo(id);
        assertThat(answer.get("policy_digest").asString())
                .isEqualTo(answer.at("/recorded/policy_digest").asString());
        assertThat(answer.get("reason").asString()).isEqualTo("policy_denied");
    }

    @Test
    void the_running_gateway_explains_an_attempt_and_tells_when_an_allowance_ends() throws Exception {
        CommandRun run = explain("--server", "--as", "default/sleep-us", "--to", rig.authority("allowed.test"));

        assertThat(run.exitCode()).as(run.stderr()).isZero();
        assertThat(run.stdout()).startsWith("allowed").contains("until 2099-01-02T00:00:00Z");
        int before = rig.records().size();
        try (HostileClient client = rig.tunnelTo("allowed.test")) {
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
        }
        JsonNode record = rig.recordAfter(before);
        assertThat(record.get("until").asString()).isEqualTo("2099-01-02T00:00:00Z");
        assertThat(record.get("days_left").asLong()).isPositive();
    }

    @Test
    void the_proposed_change_lets_the_connection_pass() throws Exception {
        CommandRun run =
                explain("--server", "--as", "default/sleep-us", "--to", rig.authority("two.test"), "-o", "json");
        JsonNode change = JSON.readTree(run.stdout()).get("changes").get(0);
        assertThat(run.exitCode()).isEqualTo(1);

        Program.write(rig.manifests.resolve("proposed.yaml"), change.get("yaml").asString());

        await().atMost(LIMIT).until(() -> !refused("two.test"));
        try (HostileClient client = rig.tunnelTo("two.test")) {
            byte[] hello = HelloCases.of("N01").octets();
            assertThat(client.send(hello).outcome(LIMIT)).isNotInstanceOf(Outcome.Forwarded.class);
        }
        assertThat(refused("silent.test")).isTrue();
    }

    @Test
    void other_policies_are_held_against_those_in_force() {
        Program.write(directory.resolve("proposed/deny.yaml"), """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: no-more, namespace: default}
                spec:
                  action: Deny
                  sources: [{serviceAccounts: [sleep-us]}]
                  destinations: [{hosts: [allowed.test]}]
                """);
        String proposed = directory.resolve("proposed").toString();
        String dataDir = directory.resolve("data").toString();

        CommandRun same = Program.exeat("diff", "-f", rig.manifests.toString(), "--data-dir", dataDir)
                .run();
        CommandRun other = Program.exeat("diff", "-f", rig.manifests + "," + proposed, "--data-dir", dataDir)
                .run();

        assertThat(same.exitCode()).as(same.stdout() + same.stderr()).isZero();
        assertThat(other.exitCode()).as(other.stderr()).isEqualTo(1);
        assertThat(other.stdout())
                .containsPattern("default/sleep-us +" + rig.authority("allowed.test") + " +allow +deny")
                .contains("newly denied");
    }

    private CommandRun status(String... arguments) {
        List<String> words = new ArrayList<>(List.of("status"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--data-dir", directory.resolve("data").toString()));
        return Program.exeat(words.toArray(String[]::new)).run();
    }

    @Test
    void the_status_counts_down_what_ends_and_tells_what_is_broken() {
        CommandRun sound = status();

        assertThat(sound.exitCode()).as(sound.stderr()).isZero();
        assertThat(sound.stdout())
                .contains("problems  0 errors, 0 warnings")
                .containsPattern("EgressPolicy/default/only-allowed: its allowance ends in [0-9]+ days");

        Program.write(rig.manifests.resolve("broken.yaml"), """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: broken, namespace: other}
                spec: {acton: Deny}
                """);
        await().atMost(LIMIT).until(() -> status().exitCode() == 1);
        assertThat(status().stdout()).contains("broken.yaml:4").contains("did you mean");
        assertThat(JSON.readTree(status("-o", "json")
                                .stdout()
                                .lines()
                                .findFirst()
                                .orElseThrow())
                        .at("/policy/errors")
                        .asInt())
                .isPositive();
    }

    @Test
    void a_connection_that_never_was_cannot_be_explained() {
        CommandRun run = explain("none-1");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.stderr()).contains("no connection none-1 is known here").contains("--records FILE");
    }
}
