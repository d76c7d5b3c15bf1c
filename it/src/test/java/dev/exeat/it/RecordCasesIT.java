package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Behaviour;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.SampleOctets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The cases on records under load: none is lost, each tells the truth. */
class RecordCasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

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

    private static Outcome plainly(byte[] octets) {
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            return client.send(octets).outcome(LIMIT);
        }
    }

    private static List<JsonNode> recordsFrom(int recorded, int count) {
        await().atMost(LIMIT).until(() -> rig.records().size() >= recorded + count);
        return rig.records().subList(recorded, rig.records().size());
    }

    @Test
    @Case("L01")
    void a_thousand_mixed_connections_have_a_thousand_records_and_each_denial_its_reason() throws Exception {
        List<byte[]> kinds = List.of(
                HelloCases.of("N01").octets(),
                ClientHelloBuilder.to(HelloCases.DENIED).records(),
                HelloCases.of("P01").octets(),
                HelloCases.of("H03").octets(),
                HelloCases.of("N09").octets());
        int recorded = rig.records().size();
        try (var threads = Executors.newFixedThreadPool(8)) {
            threads.invokeAll(IntStream.range(0, 1_000)
                    .mapToObj(i -> (Callable<Outcome>) () -> plainly(kinds.get(i % kinds.size())))
                    .toList());
        }
        rig.settle();

        List<JsonNode> records = recordsFrom(recorded, 1_000);
        assertThat(records).hasSize(1_000);
        assertThat(records).extracting(record -> record.get("id").asString()).doesNotHaveDuplicates();
        assertThat(records)
                .filteredOn(record -> !record.has("reason"))
                .hasSize(200)
                .allSatisfy(
                        carried -> assertThat(carried.get("verdict").asString()).isEqualTo("allowed"));
    }

    @Test
    @Case("L09")
    void the_octets_on_record_are_those_that_the_upstream_has_seen() throws Exception {
        Random random = new Random(9);
        int recorded = rig.records().size();
        int reached = rig.reached();
        for (int i = 0; i < 50; i++) {
            try (HostileClient client = rig.carried()) {
                client.send(SampleOctets.of(random.nextInt(200_000)));
                client.socket().shutdownOutput();
                assertThat(client.socket().getInputStream().read()).isNegative();
            }
        }

        List<JsonNode> records = recordsFrom(recorded, 50);
        assertThat(records)
                .extracting(record -> record.get("bytes_received").asLong())
                .containsExactlyInAnyOrderElementsOf(rig.upstream.received().subList(reached, reached + 50).stream()
                        .map(received -> received.count())
                        .toList());
        assertThat(records)
                .allSatisfy(
                        record -> assertThat(record.get("bytes_sent").asLong()).isEqualTo(Behaviour.MARKER.length()));
    }

    @Test
    @Case("M09")
    void each_connection_is_decided_by_one_version_while_the_policy_changes_all_the_time() throws Exception {
        int recorded = rig.records().size();
        AtomicBoolean over = new AtomicBoolean();
        Set<Outcome> outcomes = new HashSet<>();
        try (var threads = Executors.newFixedThreadPool(1);
                HostileClient open = rig.carried()) {
            Future<Integer> load = threads.submit(() -> {
                int count = 0;
                while (!over.get()) {
                    outcomes.add(plainly(HelloCases.of("N01").octets()));
                    count++;
                }
                return count;
            });
            for (int i = 0; i < 25; i++) {
                int before = digests(recorded).size();
                Program.write(rig.manifests.resolve("changing.yaml"), """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: changing, namespace: istio-system}
                        spec:
                          hosts: [version-%d.deep.test]
                          location: MESH_EXTERNAL
                          ports: [{number: 443, name: tls, protocol: TLS}]
                        """.formatted(i));
                await().atMost(LIMIT)
                        .pollInterval(10, TimeUnit.MILLISECONDS)
                        .until(() -> digests(recorded).size() > before);
            }
            over.set(true);
            int count = load.get();
            assertThat(outcomes).containsExactly(new Outcome.Forwarded());
            assertThat(recordsFrom(recorded, count))
                    .allSatisfy(record ->
                            assertThat(record.get("policy_digest").asString()).isNotEmpty());
            assertThat(open.outcome(Duration.ofMillis(10))).isEqualTo(new Outcome.Silence());
        }
    }

    private static Set<String> digests(int from) {
        Set<String> digests = new HashSet<>();
        List<JsonNode> records = rig.records();
        records.subList(from, records.size())
                .forEach(record -> digests.add(record.get("policy_digest").asString()));
        return digests;
    }
}
