package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The cases on destinations: names that lead where nothing may be dialled, and name servers that lie or are silent. */
class DestinationCasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(9);

    @TempDir
    private static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(directory);
    }

    @BeforeEach
    void settle() {
        rig.settle();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Outcome tunnelled(String host) throws Exception {
        try (HostileClient client = rig.tunnelTo(host)) {
            return client.send(ClientHelloBuilder.to(host).records()).outcome(LIMIT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "loop.test, address_forbidden",
        "priv.test, address_forbidden",
        "meta.test, address_forbidden",
        "cgnat.test, address_forbidden",
        "zero.test, address_forbidden",
        "bcast.test, address_forbidden",
        "mcast.test, address_forbidden",
        "mapped.test, address_forbidden",
        "nat64l.test, address_forbidden",
        "sixto4.test, address_forbidden",
        "ula.test, address_forbidden",
        "ll6.test, address_forbidden",
        "one6.test, address_forbidden",
        "zero6.test, address_forbidden",
        "bench.test, address_forbidden",
        "cnpriv.test, address_forbidden",
        "nx.test, dns_nxdomain",
        "cloop.test, dns_error",
        "silent.test, dns_timeout",
    })
    void a_name_that_leads_nowhere_allowed_is_refused_with_its_reason(String host, String reason) throws Exception {
        int reached = rig.reached();
        int recorded = rig.records().size();

        assertThat(tunnelled(host)).isInstanceOf(Outcome.Alerted.class);

        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("reason").asString()).isEqualTo(reason);
        assertThat(record.has("dialled_address")).isFalse();
        assertThat(rig.reached()).isEqualTo(reached);
    }

    @Test
    void only_the_allowed_one_of_mixed_addresses_is_dialled() throws Exception {
        int recorded = rig.records().size();

        assertThat(tunnelled("mixed.test")).isEqualTo(new Outcome.Forwarded());

        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("dialled_address").asString()).startsWith("127.0.10.1:");
        assertThat(record.get("dropped").get(0).asString()).isEqualTo("10.0.0.5 private");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tc.test", "two.test", "allowed.test", "a.b.wild.test", "xn--bcher-kva.test"})
    void truncated_answers_and_dead_first_addresses_are_overcome(String host) throws Exception {
        assertThat(tunnelled(host)).isEqualTo(new Outcome.Forwarded());
    }

    @Test
    void a_rebinding_name_is_judged_at_each_attempt() throws Exception {
        Outcome last = new Outcome.Forwarded();
        for (int i = 0; i < 6 && last instanceof Outcome.Forwarded; i++) {
            last = tunnelled("rebind.test");
        }
        assertThat(last).isEqualTo(new Outcome.Alerted(49));
    }

    @Test
    void the_gateway_does_not_connect_to_itself_even_where_the_range_is_allowed() throws Exception {
        String own = String.valueOf(rig.gateway.address("tunnel").getPort());
        Program.write(rig.manifests.resolve("self.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: self, namespace: istio-system}
                spec:
                  hosts: [self.wild.test]
                  location: MESH_EXTERNAL
                  ports: [{number: %s, name: tls, protocol: TLS}]
                """.formatted(own));
        rig.dns.put("self.wild.test", "127.0.10.7");
        org.awaitility.Awaitility.await().untilAsserted(() -> {
            int recorded = rig.records().size();
            try (HostileClient client = rig.as("a", "http/1.1")) {
                assertThat(client.connect("self.wild.test:" + own)).startsWith("HTTP/1.1 200");
                assertThat(client.send(ClientHelloBuilder.to("self.wild.test").records())
                                .outcome(LIMIT))
                        .isEqualTo(new Outcome.Alerted(49));
            }
            assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("self_connection");
        });
    }

    @Test
    void a_denied_name_is_never_looked_up() throws Exception {
        int asked = rig.dns.queries().size();
        for (int i = 0; i < 100; i++) {
            try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
                client.send(ClientHelloBuilder.to("exfil-" + i + ".denied.test").records());
                assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Alerted(49));
            }
        }
        assertThat(rig.dns.queries()).hasSize(asked);
    }
}
