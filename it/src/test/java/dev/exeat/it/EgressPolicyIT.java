package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** EgressPolicy on the wire. */
class EgressPolicyIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int ACCESS_DENIED = 49;

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

    private void policy(String spec) throws IOException {
        String before = digest();
        Program.write(rig.manifests.resolve("egress.yaml"), """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: cases, namespace: istio-system}
                spec:
                """ + spec.indent(2));
        await().atMost(LIMIT).until(() -> !digest().equals(before));
    }

    private String digest() throws IOException {
        return rig.metrics()
                .lines()
                .filter(line -> line.startsWith("exeat_policy_info"))
                .findFirst()
                .orElseThrow();
    }

    private String connect(String svid, String host) throws Exception {
        try (HostileClient client = rig.as(svid, "http/1.1")) {
            return client.connect(rig.authority(host));
        }
    }

    @Test
    @Case("E04")
    void a_policy_forbids_encrypted_client_hello() throws Exception {
        policy("""
                action: Deny
                destinations: [{hosts: [allowed.test]}]
                conditions: {ech: true}
                """);
        int before = rig.records().size();

        try (HostileClient with = rig.tunnelTo("allowed.test");
                HostileClient without = rig.tunnelTo("allowed.test")) {
            assertThat(with.send(HelloCases.of("E01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Alerted(ACCESS_DENIED));
            assertThat(without.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
        }

        JsonNode record = rig.recordAfter(before);
        assertThat(record.get("reason").asString()).isEqualTo("policy_denied");
        assertThat(record.at("/rule/name").asString()).isEqualTo("cases");
        assertThat(record.at("/hello/ech").asBoolean()).isTrue();
        assertThat(rig.reached()).isOne();
    }

    @Test
    @Case("Y04")
    void an_identity_that_no_allowance_names_reaches_nothing() throws Exception {
        policy("""
                action: Allow
                destinations: [{hosts: [none.test]}]
                """);
        Program.write(rig.manifests.resolve("team.yaml"), """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: team, namespace: istio-system}
                spec:
                  action: Allow
                  sources: [{serviceAccounts: [default/sleep-us]}]
                  destinations: [{hosts: [allowed.test], ports: [%s]}]
                """.formatted(
                        rig.authority("x").substring(2)));

        await().atMost(LIMIT).until(() -> connect("a", "allowed.test").startsWith("HTTP/1.1 200"));
        assertThat(connect("c", "allowed.test")).startsWith("HTTP/1.1 403").contains("policy_denied");
        assertThat(rig.reached()).isZero();
    }

    @Test
    @Case("Y14")
    void a_host_is_compared_as_a_whole() throws Exception {
        policy("""
                action: Deny
                destinations: [{hosts: [x.wild.test, "*.deep.test"]}]
                """);

        assertThat(connect("a", "x.wild.test")).startsWith("HTTP/1.1 403");
        assertThat(connect("a", "xx.wild.test")).doesNotContain("policy_denied");
        assertThat(connect("a", "x.x.wild.test")).doesNotContain("policy_denied");
        assertThat(connect("a", "a.b.deep.test")).contains("policy_denied");
        assertThat(connect("a", "allowed.test")).startsWith("HTTP/1.1 200");
    }
}
