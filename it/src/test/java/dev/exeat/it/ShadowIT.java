package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Policies that only look on, and what records say of denials, through a running gateway. */
class ShadowIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static Path shadow;
    private static Rig rig;
    private static String hostsAlone;

    @BeforeAll
    static void start() throws Exception {
        shadow = Files.createDirectories(directory.resolve("shadow"));
        rig = Rig.start(directory, "--shadow", shadow.toString());
        Files.copy(rig.manifests.resolve("hosts.yaml"), shadow.resolve("hosts.yaml"));
        hostsAlone = digest("exeat_policy_info");
        await().atMost(LIMIT).until(() -> shadowDigest().equals(hostsAlone));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static CommandRun exeat(String command, String... more) {
        List<String> words = new ArrayList<>(
                List.of(command, "--data-dir", directory.resolve("data").toString()));
        words.addAll(List.of(more));
        return Program.exeat(words.toArray(String[]::new)).run();
    }

    private static String digest(String metric) {
        try {
            return rig.metrics()
                    .lines()
                    .filter(line -> line.startsWith(metric + "{"))
                    .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shadowDigest() {
        return digest("exeat_shadow_policy_info");
    }

    private static JsonNode recordOf(String host, Outcome expected) throws Exception {
        rig.settle();
        int before = rig.records().size();
        try (HostileClient client = rig.tunnelTo(host)) {
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(expected);
        }
        await().atMost(LIMIT).until(() -> rig.records().size() > before);
        return rig.records().get(before);
    }

    private static void write(Path file, String action, String hosts) {
        Program.write(file, """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: try, namespace: istio-system}
                spec:
                  tier: platform
                  action: %s
                  destinations: [{hosts: [%s]}]
                """.formatted(action, hosts));
    }

    @Test
    void what_the_shadow_says_otherwise_is_recorded_and_counted_and_changes_nothing() throws Exception {
        Path file = shadow.resolve("try.yaml");
        assertThat(recordOf("allowed.test", new Outcome.Forwarded()).has("shadow"))
                .isFalse();

        write(file, "Deny", "allowed.test");
        await().atMost(LIMIT).until(() -> !shadowDigest().equals(hostsAlone));
        JsonNode flipped = recordOf("allowed.test", new Outcome.Forwarded());

        assertThat(flipped.path("verdict").asString("")).isEqualTo("allowed");
        assertThat(flipped.at("/shadow/verdict").asString("")).isEqualTo("denied");
        assertThat(flipped.at("/shadow/reason").asString("")).isEqualTo("policy_denied");
        assertThat(flipped.at("/shadow/rule/name").asString("")).isEqualTo("try");
        assertThat(flipped.at("/shadow/digest").asString(""))
                .isNotEqualTo(flipped.path("policy_digest").asString(""));
        String id = flipped.path("id").asString("");
        await().atMost(LIMIT)
                .until(() -> exeat("observe", "--shadow-says", "differs", "--not", "shadow-says=allowed")
                        .stdout()
                        .contains(id));
        assertThat(exeat("observe", "--shadow-says", "denied").stdout())
                .contains("; the shadow says denied by EgressPolicy/istio-system/try");
        assertThat(rig.metrics())
                .contains("exeat_shadow_decisions_total{live=\"allowed\",shadow=\"denied\"} 1.0")
                .contains("exeat_shadow_policy_info{digest=\""
                        + flipped.at("/shadow/digest").asString("") + "\"}");

        // What is broken stays as it was, and is told as the shadow's.
        Program.write(file, Files.readString(file).replace("destinations:", "destination:"));
        await().atMost(LIMIT).until(() -> !rig.metrics().contains("exeat_shadow_problems{severity=\"error\"} 0.0"));
        assertThat(exeat("status").stdout())
                .contains("2 objects with 1 rules, ")
                .contains("shadow: " + file + ":");
        rig.gateway.process().awaitLine("shadow: .*try\\.yaml:[0-9]+", LIMIT);
        assertThat(recordOf("allowed.test", new Outcome.Forwarded())
                        .at("/shadow/verdict")
                        .asString(""))
                .isEqualTo("denied");

        Files.delete(file);
        await().atMost(LIMIT).until(() -> shadowDigest().equals(hostsAlone));
        assertThat(recordOf("allowed.test", new Outcome.Forwarded()).has("shadow"))
                .isFalse();
    }

    @Test
    void a_shadow_that_heard_no_client_hello_says_so() throws Exception {
        Path file = shadow.resolve("more.yaml");
        Program.write(file, """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: more, namespace: istio-system}
                spec:
                  hosts: [denied.test]
                  ports: [{number: %d, name: tls, protocol: TLS}]
                  resolution: DNS
                """.formatted(rig.upstream.address().getPort()));
        await().atMost(LIMIT).until(() -> !shadowDigest().equals(hostsAlone));
        rig.settle();
        int before = rig.records().size();
        try (HostileClient client = rig.as("a", "http/1.1")) {
            assertThat(client.connect(rig.authority("denied.test"))).startsWith("HTTP/1.1 403");
        }
        await().atMost(LIMIT).until(() -> rig.records().size() > before);
        JsonNode early = rig.records().get(before);

        assertThat(early.at("/shadow/verdict").asString("")).isEqualTo("allowed");
        assertThat(early.at("/shadow/before_hello").asBoolean(false)).isTrue();
        await().atMost(LIMIT)
                .until(() -> exeat("observe", "--shadow-says", "allowed")
                        .stdout()
                        .contains("; the shadow says allowed by ServiceEntry/istio-system/more before a ClientHello"));

        Files.delete(file);
        await().atMost(LIMIT).until(() -> shadowDigest().equals(hostsAlone));
    }

    @Test
    void the_record_of_a_denial_says_what_nearly_let_it_pass() throws Exception {
        Path file = rig.manifests.resolve("near.yaml");
        String before = digest("exeat_policy_info");
        write(file, "Allow", "\"*.allowed.test\"");
        await().atMost(LIMIT).until(() -> !digest("exeat_policy_info").equals(before));
        rig.settle();
        int known = rig.records().size();
        try (HostileClient client = rig.as("a", "http/1.1")) {
            assertThat(client.connect(rig.authority("allowed.test"))).startsWith("HTTP/1.1 403");
        }
        await().atMost(LIMIT).until(() -> rig.records().size() > known);
        JsonNode record = rig.records().get(known);

        String miss = "EgressPolicy/istio-system/try: *.allowed.test does not cover allowed.test itself";
        assertThat(record.path("nearest_miss").asString("")).isEqualTo(miss);
        // The shadow has no such policy.
        assertThat(record.at("/shadow/verdict").asString("")).isEqualTo("allowed");
        String id = record.path("id").asString("");
        await().atMost(LIMIT)
                .until(() -> exeat("observe", "-o", "wide").stdout().contains(miss));
        Files.delete(file);
        await().atMost(LIMIT).until(() -> digest("exeat_policy_info").equals(before));
        assertThat(exeat("explain", id).stdout()).contains("nearest then: " + miss);
    }
}
