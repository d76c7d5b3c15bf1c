package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Open connections: seen, ended by hand, and ended because what permitted them has changed. */
class LiveConnectionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String IDENTITY_A = "spiffe://rig.test/ns/default/sa/sleep-us";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Rig rig;

    private void start(String... flags) throws Exception {
        rig = Rig.start(directory, flags);
    }

    @AfterEach
    void stop() {
        if (rig != null) {
            rig.close();
        }
    }

    private HostileClient carried() throws Exception {
        HostileClient client = rig.tunnelTo("allowed.test");
        assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        return client;
    }

    private CommandRun conn(String... arguments) {
        List<String> words = new ArrayList<>(List.of("conn"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--data-dir", directory.resolve("data").toString()));
        return Program.exeat(words.toArray(String[]::new)).run();
    }

    @Test
    void an_open_connection_is_listed_with_who_what_and_how_much_and_can_be_killed() throws Exception {
        start();
        try (HostileClient client = carried()) {
            CommandRun listed = conn("list", "-o", "json");

            assertThat(listed.exitCode()).isZero();
            JsonNode seen = JSON.readTree(listed.stdout());
            assertThat(seen.get("identity").asString()).isEqualTo(IDENTITY_A);
            assertThat(seen.get("host").asString()).isEqualTo("allowed.test");
            assertThat(seen.get("stage").asString()).isEqualTo("carrying");
            assertThat(seen.get("mode").asString()).isEqualTo("connect-http1");
            assertThat(seen.get("bytes_received").asLong())
                    .isEqualTo(HelloCases.of("N01").octets().length);
            assertThat(seen.get("bytes_sent").asLong()).isPositive();
            assertThat(seen.get("policy_digest").asString()).isNotEmpty();
            assertThat(seen.get("rule").asString()).contains("cases");
            assertThat(conn("list", "--host", "other.test").stdout().lines()).hasSize(1);
            assertThat(conn("list", "--identity", "default/sleep-us", "--host", "*.TEST", "-o", "wide")
                            .stdout())
                    .contains("127.0.10.1:")
                    .contains(IDENTITY_A);

            String id = seen.get("id").asString();
            assertThat(conn("kill", id).exitCode()).isZero();
            assertThat(client.outcome(LIMIT)).isInstanceOf(Outcome.Closed.class);
            JsonNode record = rig.recordAfter(0);
            assertThat(record.get("id").asString()).isEqualTo(id);
            assertThat(record.get("flag").asString()).isEqualTo("killed");
            assertThat(record.get("verdict").asString()).isEqualTo("allowed");

            CommandRun again = conn("kill", id);
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.stdout()).contains(id + " is not open");
        }
    }

    @Test
    void kill_by_filter_ends_all_that_match_and_no_other() throws Exception {
        start();
        try (HostileClient first = carried();
                HostileClient second = carried();
                HostileClient other = HostileClient.plain(rig.gateway.address("plain"))) {
            assertThat(other.send(HelloCases.of("N01").octets()).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());

            CommandRun run = conn("kill", "--host", "Allowed.TEST", "--identity", "default/sleep-us");

            assertThat(run.exitCode()).as(run.stderr()).isZero();
            assertThat(run.stdout().lines()).hasSize(2).allMatch(line -> line.endsWith(" ended"));
            assertThat(first.outcome(LIMIT)).isInstanceOf(Outcome.Closed.class);
            assertThat(second.outcome(LIMIT)).isInstanceOf(Outcome.Closed.class);
            assertThat(conn("list", "-o", "json").stdout().lines()).hasSize(1);
        }
    }

    @Test
    void kill_wants_to_know_which() throws Exception {
        start();
        assertThat(conn("kill").exitCode()).isEqualTo(2);
        assertThat(conn("kill", "--host", "allowed.test").exitCode()).isEqualTo(1);
    }

    @Test
    void nobody_home_is_told_with_exit_code_3() {
        CommandRun run = Program.exeat("conn", "list", "--data-dir", directory.toString())
                .run();

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.stderr()).contains("no process answers").contains("--data-dir");
    }

    @Test
    void a_revoked_identity_loses_its_open_tunnels_within_five_seconds_and_others_keep_theirs() throws Exception {
        start();
        try (HostileClient client = carried();
                HostileClient other = HostileClient.plain(rig.gateway.address("plain"))) {
            assertThat(other.send(HelloCases.of("N01").octets()).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
            long began = System.nanoTime();
            Files.writeString(directory.resolve("identity/revoked.txt"), IDENTITY_A + " # left us\n");

            assertThat(client.outcome(LIMIT)).isInstanceOf(Outcome.Closed.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT);
            assertThat(rig.recordAfter(0).get("flag").asString()).isEqualTo("revoked");
            assertThat(conn("list", "-o", "json").stdout().lines()).hasSize(1);
        }
    }

    @Test
    void with_keep_a_revoked_identity_keeps_its_tunnels_but_gets_no_new_one() throws Exception {
        start("--on-revoke", "keep");
        try (HostileClient client = carried()) {
            Files.writeString(directory.resolve("identity/revoked.txt"), IDENTITY_A + "\n");

            org.awaitility.Awaitility.await().atMost(LIMIT).until(() -> refused());
            assertThat(conn("list", "-o", "json").stdout().lines()).hasSize(1);
            client.socket().getOutputStream().write(new byte[100]);
        }
    }

    private boolean refused() {
        try (HostileClient client = rig.as("a", "http/1.1")) {
            return !client.connect(rig.authority("allowed.test")).startsWith("HTTP/1.1 200");
        } catch (Exception e) {
            return true;
        }
    }

    @Test
    @Case("Y25")
    void a_tunnel_follows_the_policy_by_choice() throws Exception {
        start("--on-policy-change", "cut");
        try (HostileClient client = carried()) {
            Files.delete(rig.manifests.resolve("hosts.yaml"));

            assertThat(client.outcome(LIMIT)).isInstanceOf(Outcome.Closed.class);
            assertThat(rig.recordAfter(0).get("flag").asString()).isEqualTo("policy_changed");
        }
    }

    @Test
    void with_drain_a_tunnel_may_end_by_itself_first() throws Exception {
        start("--on-policy-change", "drain");
        try (HostileClient client = carried()) {
            Files.delete(rig.manifests.resolve("hosts.yaml"));
            long began = System.nanoTime();

            assertThat(client.outcome(LIMIT)).isInstanceOf(Outcome.Closed.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1900));
            assertThat(rig.recordAfter(0).get("flag").asString()).isEqualTo("policy_changed");
        }
    }
}
