package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The cases on destinations: names that lead where nothing may be dialled, and name servers that lie or are silent. */
class DestinationCasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(9);

    @TempDir
    private static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(directory, "--connect-to", "static.test:443:127.0.0.9:443");
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
        "D01, loop.test, address_forbidden",
        "D02, priv.test, address_forbidden",
        "D04, meta.test, address_forbidden",
        "D06, cgnat.test, address_forbidden",
        "D07, zero.test, address_forbidden",
        "D08, bcast.test, address_forbidden",
        "D09, mcast.test, address_forbidden",
        "D10, mapped.test, address_forbidden",
        "D13, nat64l.test, address_forbidden",
        "D14, sixto4.test, address_forbidden",
        "D16, ula.test, address_forbidden",
        "D16, ll6.test, address_forbidden",
        "D16, one6.test, address_forbidden",
        "D16, zero6.test, address_forbidden",
        "D17, bench.test, address_forbidden",
        "D24, cnpriv.test, address_forbidden",
        "D28, nx.test, dns_nxdomain",
        "D26, cloop.test, dns_error",
        "D27, deep20.test, dns_too_deep",
        "D28, sf.test, dns_error",
        "D29, silent.test, dns_timeout",
    })
    @Case
    void a_name_that_leads_nowhere_allowed_is_refused_with_its_reason(String id, String host, String reason)
            throws Exception {
        int reached = rig.reached();
        int recorded = rig.records().size();

        assertThat(tunnelled(host)).isInstanceOf(Outcome.Alerted.class);

        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("reason").asString()).isEqualTo(reason);
        assertThat(record.has("dialled_address")).isFalse();
        assertThat(rig.reached()).isEqualTo(reached);
    }

    @Test
    @Case("D20")
    void only_the_allowed_one_of_mixed_addresses_is_dialled() throws Exception {
        int recorded = rig.records().size();

        assertThat(tunnelled("mixed.test")).isEqualTo(new Outcome.Forwarded());

        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("dialled_address").asString()).startsWith("127.0.10.1:");
        assertThat(record.get("dropped").get(0).asString()).isEqualTo("10.0.0.5 private");
    }

    @ParameterizedTest
    @CsvSource({"D33, tc.test", "D37, two.test", "N21, xn--bcher-kva.test", "P20, allowed.test", "P20, a.b.wild.test"})
    @Case
    void truncated_answers_and_dead_first_addresses_are_overcome(String id, String host) throws Exception {
        assertThat(tunnelled(host)).isEqualTo(new Outcome.Forwarded());
    }

    @Test
    @Case("D22")
    void a_rebinding_name_is_judged_at_each_attempt() throws Exception {
        int recorded = rig.records().size();
        Outcome last = new Outcome.Forwarded();
        for (int i = 0; i < 6 && last instanceof Outcome.Forwarded; i++) {
            last = tunnelled("rebind.test");
            rig.recordAfter(recorded + i);
        }
        assertThat(last).isEqualTo(new Outcome.Alerted(49));
        List<JsonNode> records = rig.records().subList(recorded, rig.records().size());
        assertThat(records.subList(0, records.size() - 1))
                .isNotEmpty()
                .allSatisfy(carried ->
                        assertThat(carried.get("dialled_address").asString()).startsWith("127.0.10.1:"));
        assertThat(records.getLast().has("dialled_address")).isFalse();
    }

    @Test
    @Case("D24")
    void the_record_names_what_an_alias_led_to() throws Exception {
        int recorded = rig.records().size();
        tunnelled("cnpriv.test");

        assertThat(rig.recordAfter(recorded).get("cnames").get(0).asString()).isEqualTo("int.corp.test");
    }

    @Test
    @Case("D25")
    void an_alias_of_a_name_that_is_not_allowed_counts_by_its_address_and_is_on_record() throws Exception {
        int recorded = rig.records().size();

        assertThat(tunnelled("cloak.test")).isEqualTo(new Outcome.Forwarded());
        assertThat(rig.recordAfter(recorded).get("cnames").get(0).asString()).isEqualTo("denied.test");
    }

    @Test
    @Case("D29")
    void names_that_are_answered_do_not_wait_for_one_that_is_not() throws Exception {
        try (HostileClient waiting = rig.tunnelTo("silent-too.test")) {
            waiting.send(ClientHelloBuilder.to("silent-too.test").records());
            await().until(() ->
                    rig.dns.queries().stream().anyMatch(q -> q.toString().contains("silent-too")));
            for (int i = 0; i < 5; i++) {
                assertThat(tunnelled("n" + i + ".wild.test")).isEqualTo(new Outcome.Forwarded());
            }
            assertThat(waiting.outcome(Duration.ofMillis(10))).isEqualTo(new Outcome.Silence());
        }
    }

    @Test
    @Case("D39")
    void an_address_from_the_command_line_is_judged_like_one_from_the_name_server() throws Exception {
        int recorded = rig.records().size();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            client.send(ClientHelloBuilder.to("static.test").records());
            assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Alerted(49));
        }
        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("reason").asString()).isEqualTo("address_forbidden");
        assertThat(record.get("dropped").get(0).asString()).isEqualTo("127.0.0.9 loopback");
    }

    @Test
    @Case({"D41", "S08"})
    void only_addresses_of_the_name_are_dialled_wherever_the_client_wants_to_go() throws Exception {
        byte[] ticketOfAnother =
                ClientHelloBuilder.to("allowed.test").earlyData(200).records();
        int recorded = rig.records().size();
        try (HostileClient client = rig.as("a", "http/1.1")) {
            String authority = rig.authority("allowed.test");
            String answer = client.connect(authority, "Forwarded: host=127.0.10.3", "X-Forwarded-Host: 127.0.10.3");
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(client.send(ticketOfAnother).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        }
        assertThat(rig.recordAfter(recorded).get("dialled_address").asString()).startsWith("127.0.10.1:");

        try (HostileClient client = rig.as("a", "http/1.1")) {
            assertThat(client.connect("127.0.10.3:" + rig.upstream.address().getPort()))
                    .startsWith("HTTP/1.1 4");
        }
        assertThat(rig.recordAfter(recorded + 1).get("reason").asString()).isEqualTo("authority_invalid");
    }

    @Test
    @Case("D18")
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
        await().untilAsserted(() -> {
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
    @Case("D34")
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
