package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.flow.LimitUse;
import dev.exeat.model.Limit;
import dev.exeat.model.Reason;
import dev.exeat.proxy.h2.Abuse;
import dev.exeat.proxy.h2.AbuseLimits;
import dev.exeat.proxy.h2.H2Limits;
import dev.exeat.proxy.limit.PeerLimits;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of peers in a whole gateway with two event loops, over real sockets. */
class GatewayLimitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final PeerLimits WIDE = PeerLimits.DEFAULT;

    @TempDir
    private Path directory;

    private final List<HostileClient> clients = new ArrayList<>();
    private TestGateway running;

    private void start(PeerLimits peers, H2Limits http2) throws Exception {
        EgressLimits usual = EgressLimits.DEFAULT;
        running = TestGateway.start(
                directory,
                2,
                new EgressLimits(
                        usual.helloOctets(),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        usual.idleTimeout(),
                        usual.totalTimeout(),
                        usual.connections(),
                        peers,
                        http2));
    }

    @AfterEach
    void stop() {
        clients.forEach(HostileClient::close);
        if (running != null) {
            running.close();
        }
    }

    private HostileClient client(String identity, String alpn) throws IOException {
        HostileClient client = HostileClient.mutualTls(
                running.gateway.tunnelAddress(), running.as(identity).offering(alpn));
        clients.add(client);
        return client;
    }

    /** The status of a CONNECT, whose tunnel stays open if there is one. */
    private String connect(String identity) throws IOException {
        String answer = client(identity, "http/1.1").connect("a.test:443");
        return answer.isEmpty() ? "" : answer.substring(9, 12);
    }

    private long ended(Reason reason) {
        return running.ended.stream().filter(trace -> trace.reason() == reason).count();
    }

    private void awaitNothingOpen() {
        await().atMost(LIMIT)
                .until(() -> running.gateway.limits().highest().stream().allMatch(use -> use.used() == 0));
        assertThat(running.gateway.limits().users(10)).hasSize(1);
    }

    @Test
    @Case("K07")
    void an_identity_gets_exactly_its_limit_and_another_is_not_touched() throws Exception {
        start(new PeerLimits(1_000, 10, 1_000, 1_000), H2Limits.defaults());
        List<String> statuses = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            statuses.add(connect("a"));
        }

        assertThat(statuses).filteredOn("200"::equals).hasSize(10);
        assertThat(statuses).filteredOn("429"::equals).hasSize(5);
        assertThat(connect("b")).isEqualTo("200");
        assertThat(ended(Reason.LIMIT_IDENTITY)).isEqualTo(5);
        assertThat(running.gateway.limits().users(1))
                .filteredOn(use -> use.limit() == Limit.CONNECTIONS_PER_IDENTITY)
                .extracting(LimitUse::used)
                .containsExactly(10);
        clients.getFirst().close();
        await().atMost(LIMIT).until(() -> running.gateway.open() == 10);
        assertThat(connect("a")).isEqualTo("200");
    }

    @Test
    void an_identity_that_opens_too_fast_is_told_so_and_another_is_not_touched() throws Exception {
        start(new PeerLimits(1_000, 1_000, 1, 3), H2Limits.defaults());
        List<String> statuses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            statuses.add(connect("a"));
        }

        assertThat(statuses.subList(0, 3)).containsOnly("200");
        assertThat(statuses).contains("429");
        assertThat(connect("b")).isEqualTo("200");
        assertThat(ended(Reason.LIMIT_RATE)).isPositive();
    }

    @Test
    @Case("K20")
    void a_source_gets_exactly_its_limit_before_it_proves_anything() throws Exception {
        start(new PeerLimits(10, 1_000, 1_000, 1_000), H2Limits.defaults());
        List<HostileClient> refused = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            HostileClient client =
                    HostileClient.plain(i % 2 == 0 ? running.gateway.tunnelAddress() : running.gateway.plainAddress());
            clients.add(client);
            int nth = i + 1;
            if (nth <= 10) {
                await().atMost(LIMIT).until(() -> highestOfSources() == nth);
            } else {
                refused.add(client);
            }
        }

        for (HostileClient client : refused) {
            assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Alerted(80));
        }
        await().atMost(LIMIT).until(() -> ended(Reason.LIMIT_SOURCE) == 5);
        clients.forEach(HostileClient::close);
        awaitNothingOpen();
    }

    private int highestOfSources() {
        return running.gateway.limits().highest().get(1).used();
    }

    @Test
    void an_identity_has_no_more_http2_connections_than_tunnels() throws Exception {
        start(new PeerLimits(1_000, 2, 1_000, 1_000), H2Limits.defaults());
        client("a", "h2");
        client("a", "h2");
        await().atMost(LIMIT)
                .until(() -> running.gateway.limits().highest().get(2).used() == 2);

        client("a", "h2");
        await().atMost(LIMIT).until(() -> ended(Reason.LIMIT_IDENTITY) == 1);
        client("b", "h2");
        clients.forEach(HostileClient::close);
        awaitNothingOpen();
        assertThat(ended(Reason.LIMIT_IDENTITY)).isEqualTo(1);
    }

    @Test
    void abuse_of_http2_has_one_record_with_its_kind_and_identity() throws Exception {
        start(WIDE, H2Limits.of(1000, 16_384, AbuseLimits.each(10)));
        client("a", "h2").send(flood(50));

        await().atMost(LIMIT).until(() -> ended(Reason.PROTOCOL_ABUSE) == 1);
        ConnectionTrace trace = running.ended.getFirst();
        assertThat(trace.detail()).startsWith("ping: ");
        assertThat(String.valueOf(trace.arrival().identity())).startsWith("spiffe://test.test/");
        assertThat(running.abuses).containsExactly(Abuse.PING);
        awaitNothingOpen();
        assertThat(running.ended).hasSize(1);
    }

    private static byte[] flood(int pings) {
        ByteBuffer octets = ByteBuffer.allocate(24 + 9 + pings * 17);
        octets.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        octets.put(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        for (int i = 0; i < pings; i++) {
            octets.put(new byte[] {0, 0, 8, 6, 0, 0, 0, 0, 0}).put(new byte[8]);
        }
        return octets.array();
    }

    /** Clients of all kinds come and go at random from several threads; each place is given back exactly once. */
    @Test
    void nothing_is_counted_once_all_have_gone_however_they_went() throws Exception {
        start(new PeerLimits(12, 5, 1_000, 1_000), H2Limits.defaults());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(thread);
                all.add(threads.submit(() -> comeAndGo(random)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        awaitNothingOpen();
        await().atMost(LIMIT).until(() -> running.gateway.open() == 0);
    }

    private void comeAndGo(Random random) {
        List<HostileClient> own = new ArrayList<>();
        for (int step = 0; step < 25; step++) {
            HostileClient next = random.nextInt(3) == 0 ? null : one(random);
            if (next != null) {
                own.add(next);
            } else if (!own.isEmpty()) {
                own.remove(random.nextInt(own.size())).close();
            }
        }
        own.forEach(HostileClient::close);
    }

    private @Nullable HostileClient one(Random random) {
        String identity = random.nextBoolean() ? "a" : "b";
        try {
            return switch (random.nextInt(5)) {
                case 0 -> HostileClient.plain(running.gateway.plainAddress());
                case 1 -> HostileClient.plain(running.gateway.tunnelAddress()).send(new byte[] {22, 3, 1});
                case 2 ->
                    HostileClient.mutualTls(
                                    running.gateway.tunnelAddress(),
                                    running.as(identity).offering("h2"))
                            .send(flood(random.nextInt(3)));
                default -> {
                    HostileClient client = HostileClient.mutualTls(
                            running.gateway.tunnelAddress(),
                            running.as(identity).offering("http/1.1"));
                    client.connect("a.test:443");
                    yield client;
                }
            };
        } catch (IOException e) {
            // Its place was another's.
            return null;
        }
    }
}
