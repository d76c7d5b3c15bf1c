package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.Delivery;
import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.OuterTls;
import dev.exeat.testkit.SampleOctets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The cases on names, structure, fragments, other protocols and ECH, sent to the real gateway. "Denied" counts only
 * while nothing reached the upstream or the name server, "forwarded" only with the same SHA-256 on both ends.
 */
class HelloCasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Names that are well-formed but that no ServiceEntry admits. */
    private static final Set<String> UNKNOWN = Set.of("N33", "N34", "N36", "E03");

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

    static Stream<HelloCase> cases() {
        return HelloCases.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Case
    void a_hello_is_forwarded_unchanged_or_refused_with_nothing_sent(HelloCase hello) throws Exception {
        int reached = rig.reached();
        int asked = rig.dns.queries().size();
        int recorded = rig.records().size();
        boolean incomplete = hello.expected() instanceof HelloCase.Expected.Incomplete;
        Delivery delivery = incomplete ? Delivery.whole().ending(Delivery.Ending.HALF_CLOSE) : Delivery.whole();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            Outcome outcome = client.send(hello.octets(), delivery).outcome(LIMIT);

            boolean forwarded = hello.expected() instanceof HelloCase.Expected.Valid && !UNKNOWN.contains(hello.id());
            if (forwarded) {
                assertThat(outcome).isEqualTo(new Outcome.Forwarded());
                // The upstream answers to the first part that it reads, and a long hello comes in several.
                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(rig.lastReceived().sha256()).isEqualTo(sha256(hello.octets())));
            } else {
                assertThat(rig.reached())
                        .as("connections that reached the upstream")
                        .isEqualTo(reached);
                assertThat(rig.dns.queries()).as("names looked up").hasSize(asked);
                assertThat(outcome).isNotEqualTo(new Outcome.Forwarded());
            }
            checkAlert(hello, outcome);
        }
        JsonNode record = rig.recordAfter(recorded);
        assertThat(record.get("verdict").asString())
                .isNotEqualTo(
                        hello.expected() instanceof HelloCase.Expected.Valid && !UNKNOWN.contains(hello.id())
                                ? "denied"
                                : "allowed");
        if (hello.expected() instanceof HelloCase.Expected.Refused refused) {
            assertThat(record.get("reason").asString())
                    .isEqualTo(refused.reason().code());
        }
    }

    private static void checkAlert(HelloCase hello, Outcome outcome) {
        if (hello.expected() instanceof HelloCase.Expected.Refused refused) {
            assertThat(outcome).isEqualTo(new Outcome.Alerted(refused.alert().code()));
        } else if (UNKNOWN.contains(hello.id())) {
            assertThat(outcome).isEqualTo(new Outcome.Alerted(49));
        }
    }

    @Test
    @Case({"F02", "P20"})
    void every_octet_may_come_in_a_segment_of_its_own_also_within_mutual_tls() throws Exception {
        byte[] hello = HelloCases.of("N01").octets();
        int recorded = rig.records().size();
        try (HostileClient client = rig.tunnelTo("allowed.test")) {
            client.send(hello, Delivery.whole().inSegments(1, Duration.ZERO));

            assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        }
        assertThat(rig.lastReceived().sha256()).isEqualTo(sha256(hello));
        assertThat(rig.recordAfter(recorded).get("verdict").asString()).isEqualTo("allowed");
    }

    @Test
    @Case("F24")
    void a_hello_in_slow_segments_is_carried_within_the_deadline() {
        carries(Delivery.whole().inSegments(40, Duration.ofMillis(100)));
    }

    @Test
    @Case("F25")
    void a_hello_that_pauses_after_its_first_octet_is_carried() {
        carries(Delivery.whole().pausingAt(1, Duration.ofMillis(1200)));
    }

    private static void carries(Delivery delivery) {
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            client.send(HelloCases.of("N01").octets(), delivery);
            assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        }
    }

    @Test
    void a_hello_in_steps_that_would_pass_the_deadline_is_cut_at_it() {
        int recorded = rig.records().size();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            client.send(HelloCases.of("F20").octets(), Delivery.whole().inSegments(40, Duration.ofMillis(100)));
            assertThat(client.outcome(LIMIT)).isNotEqualTo(new Outcome.Forwarded());
        }
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("hello_timeout");
    }

    @Test
    @Case("E11")
    void the_record_tells_of_encrypted_client_hello() {
        for (String id : List.of("E01", "N01")) {
            int recorded = rig.records().size();
            try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
                client.send(HelloCases.of(id).octets());
                assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
            }
            JsonNode hello = rig.recordAfter(recorded).get("hello");
            assertThat(hello.path("ech").asBoolean()).isEqualTo(id.equals("E01"));
        }
    }

    @Test
    @Case("P19")
    void no_port_of_udp_is_open_but_for_questions_to_the_name_server() {
        assertThat(rig.openUdpPorts()).isEmpty();
    }

    @Test
    @Case("P18")
    void a_silent_client_meets_no_upstream_and_is_closed_at_the_deadline() throws Exception {
        int reached = rig.reached();
        int recorded = rig.records().size();
        try (HostileClient client = rig.tunnelTo("allowed.test")) {
            assertThat(client.outcome(Duration.ofSeconds(8))).isEqualTo(new Outcome.Alerted(80));
        }
        assertThat(rig.reached()).isEqualTo(reached);
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("hello_timeout");
    }

    @Test
    @Case({"Y10", "Y13"})
    void the_outer_and_the_inner_name_must_agree() throws Exception {
        int reached = rig.reached();
        OuterTls named = OuterTls.as(rig.mint.svid("a"), rig.mint.bundle()).naming("allowed.test");
        byte[] other = ClientHelloBuilder.to("a.wild.test").records();
        int recorded = rig.records().size();
        try (HostileClient client = HostileClient.mutualTls(rig.gateway.address("tunnel"), named)) {
            assertThat(client.send(other).outcome(LIMIT)).isEqualTo(new Outcome.Alerted(49));
        }
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("sni_mismatch");
        OuterTls unnamed = OuterTls.as(rig.mint.svid("a"), rig.mint.bundle());
        try (HostileClient client = HostileClient.mutualTls(rig.gateway.address("tunnel"), unnamed)) {
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Alerted(112));
        }
        assertThat(rig.reached()).isEqualTo(reached);
        try (HostileClient client = HostileClient.mutualTls(rig.gateway.address("tunnel"), named)) {
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
        }
    }

    @Test
    @Case("P21")
    void a_connect_to_an_allowed_name_does_not_carry_another() throws Exception {
        int reached = rig.reached();
        int recorded = rig.records().size();
        try (HostileClient client = rig.tunnelTo("allowed.test")) {
            byte[] fronted = ClientHelloBuilder.to("denied.test").records();
            assertThat(client.send(fronted).outcome(LIMIT)).isEqualTo(new Outcome.Alerted(49));
        }
        assertThat(rig.reached()).isEqualTo(reached);
        assertThat(rig.recordAfter(recorded).get("reason").asString()).isEqualTo("sni_mismatch");
    }

    @Test
    @Case({"P25", "Y23"})
    void a_port_that_no_entry_names_is_refused_in_the_answer_to_the_connect() throws Exception {
        try (HostileClient client = rig.as("a", "http/1.1")) {
            String answer = client.connect("allowed.test:22");
            assertThat(answer).startsWith("HTTP/1.1 403").contains("Exeat-Reason: host_unknown");
        }
    }

    @Test
    @Case("S06")
    void early_data_arrives_in_its_order() throws Exception {
        byte[] hello = ClientHelloBuilder.to("allowed.test").earlyData(200).records();
        byte[] early = SampleOctets.of(3_000);
        byte[] record = new byte[5 + early.length];
        record[0] = 23;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (early.length >> 8);
        record[4] = (byte) early.length;
        System.arraycopy(early, 0, record, 5, early.length);
        byte[] both = java.nio.ByteBuffer.allocate(hello.length + record.length)
                .put(hello)
                .put(record)
                .array();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            assertThat(client.send(both).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        }
        await().until(() -> rig.lastReceived().count() == both.length);
        assertThat(rig.lastReceived().sha256()).isEqualTo(sha256(both));
    }

    @Test
    @Case("S05")
    void two_hellos_back_to_back_are_not_both_forwarded() throws Exception {
        byte[] first = HelloCases.of("N01").octets();
        byte[] second = ClientHelloBuilder.to("denied.test").records();
        byte[] both = java.nio.ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
        int recorded = rig.records().size();
        int reached = rig.reached();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            client.send(both).outcome(LIMIT);
        }
        rig.recordAfter(recorded);
        for (var received : rig.upstream.received().subList(reached, rig.reached())) {
            assertThat(received.count()).isLessThanOrEqualTo(first.length);
        }
    }

    private static String sha256(byte[] octets) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    }
}
