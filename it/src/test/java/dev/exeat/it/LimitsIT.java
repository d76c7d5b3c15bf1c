package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The limits of the real program: each holds exactly, is told, and leaves others alone. */
class LimitsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int REFUSED_STREAM = 7;

    @TempDir
    private Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Rig rig;

    private void start(String... flags) throws Exception {
        rig = Rig.start(directory, flags);
    }

    @AfterEach
    void stop() throws Exception {
        closeAll();
        if (rig != null) {
            rig.close();
        }
    }

    private void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        open.clear();
    }

    private <C extends AutoCloseable> C kept(C client) {
        open.add(client);
        return client;
    }

    /** The value of a sample, or -1 where there is none. */
    private double metric(String sample) {
        try {
            return rig.metrics()
                    .lines()
                    .filter(line -> line.startsWith(sample + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double hits(String option) {
        return metric("exeat_limit_hits_total{limit=\"" + option + "\"}");
    }

    private double used(String option) {
        return metric("exeat_limit_use{limit=\"" + option + "\"}");
    }

    private void awaitHits(String option, int count) {
        await(option).atMost(LIMIT).until(() -> hits(option) == count);
    }

    private List<JsonNode> recordsOf(String reason) {
        return rig.records().stream()
                .filter(record -> record.path("reason").asString("").equals(reason))
                .toList();
    }

    private void awaitRecords(String reason, int count) {
        await(reason).atMost(LIMIT).until(() -> recordsOf(reason).size() == count);
    }

    private void isServed(String identity) throws IOException {
        try (HostileClient client = rig.as(identity, "http/1.1")) {
            assertThat(client.connect(rig.authority("allowed.test"))).startsWith("HTTP/1.1 200");
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
        }
    }

    /** Reads and forgets what comes, so that its sender is never held up. */
    private static Thread reading(RawHttp2 client) {
        return Thread.ofPlatform().daemon().start(client::discard);
    }

    @Test
    @Case("K07")
    void an_identity_that_opens_150_of_100_is_refused_50_times_and_another_is_served() throws Exception {
        start("--max-connections-per-identity", "100", "--hello-timeout", "2m");
        List<String> refusals = new ArrayList<>();
        int opened = 0;
        for (int i = 0; i < 150; i++) {
            HostileClient client = kept(rig.as("a", "http/1.1"));
            String answer = client.connect(rig.authority("allowed.test"));
            if (answer.startsWith("HTTP/1.1 200")) {
                opened++;
            } else {
                refusals.add(answer);
            }
        }

        assertThat(opened).isEqualTo(100);
        assertThat(refusals)
                .hasSize(50)
                .allSatisfy(answer -> assertThat(answer)
                        .startsWith("HTTP/1.1 429 ")
                        .containsIgnoringCase("\r\nExeat-Reason: limit_identity\r\n"));
        isServed("b");
        awaitHits("max-connections-per-identity", 50);
        awaitRecords("limit_identity", 50);
        assertThat(used("max-connections-per-identity")).isEqualTo(100);
        assertThat(limits()).containsPattern("--max-connections-per-identity +spiffe://\\S+/sa/sleep-us +100 +100");
        assertThat(rig.gateway.process().stderr())
                .as("no line for each")
                .filteredOn(line -> line.contains("a limit is reached"))
                .hasSize(1);

        closeAll();
        await().atMost(LIMIT).until(() -> used("max-connections-per-identity") == 0);
        isServed("a");
    }

    private String limits() {
        return Program.exeat(
                        "conn",
                        "limits",
                        "--data-dir",
                        directory.resolve("data").toString())
                .run()
                .stdout();
    }

    @Test
    @Case("K20")
    void a_source_that_opens_2000_sockets_gets_its_limit_and_another_source_is_served() throws Exception {
        start("--max-connections-per-source", "40", "--handshake-timeout", "2m");
        for (int i = 0; i < 2_000; i++) {
            try {
                kept(HostileClient.plain(rig.gateway.address("tunnel")));
            } catch (UncheckedIOException e) {
                // It was accepted and reset before the call had returned.
                assertThat(e).hasRootCauseMessage("Connection reset by peer");
            }
        }

        awaitHits("max-connections-per-source", 1_960);
        assertThat(used("max-connections-per-source")).isEqualTo(40);
        try (Socket other = new Socket()) {
            other.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
            other.connect(rig.gateway.address("plain"));
            other.getOutputStream().write(HelloCases.of("N01").octets());
            other.setSoTimeout((int) LIMIT.toMillis());
            assertThat(other.getInputStream().read()).isNotNegative();
        }
        assertThat(recordsOf("limit_source"))
                .isNotEmpty()
                .allSatisfy(record ->
                        assertThat(record.path("source_address").asString("")).isEqualTo("127.0.0.1"));
    }

    /** It asks on and on for ten times its rate and more; what is refused costs the other nothing. */
    @Test
    @Case("K07")
    void an_identity_at_ten_times_its_rate_does_not_hold_up_another() throws Exception {
        start("--connection-rate-per-identity", "20", "--connection-burst-per-identity", "20");
        RawHttp2 flood = kept(new RawHttp2(kept(rig.as("a", "h2"))));
        Thread reading = reading(flood);
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean broken = new AtomicBoolean();
        Thread asking = Thread.ofPlatform().start(() -> {
            try {
                while (!over.get()) {
                    flood.write(flood.connect(rig.authority("denied.test")));
                    // 200 or fewer a second, ten times what it may.
                    LockSupport.parkNanos(5_000_000);
                }
            } catch (IOException e) {
                broken.set(true);
            }
        });
        try {
            await().atMost(LIMIT).until(() -> hits("connection-rate-per-identity") > 50);
            for (int i = 0; i < 15; i++) {
                double before = hits("connection-rate-per-identity");
                isServed("b");
                await().atMost(LIMIT).until(() -> hits("connection-rate-per-identity") > before);
            }
            assertThat(broken).isFalse();
        } finally {
            over.set(true);
            asking.join();
            flood.close();
            reading.join();
        }
        await().atMost(LIMIT).until(() -> !recordsOf("limit_rate").isEmpty());
        assertThat(recordsOf("limit_rate"))
                .allSatisfy(record ->
                        assertThat(record.path("identity").asString("")).endsWith("/sa/sleep-us"));
    }

    @Test
    void abuse_of_http2_ends_in_calm_with_one_record_and_its_kind() throws Exception {
        start("--h2-flood-limit", "ping=100", "--max-tunnels-per-connection", "5");
        RawHttp2 pinging = kept(new RawHttp2(kept(rig.as("a", "h2"))));
        ByteArrayOutputStream pings = new ByteArrayOutputStream();
        for (int i = 0; i < 101; i++) {
            pings.writeBytes(RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]));
        }
        pinging.write(pings.toByteArray());

        assertThat(pinging.readUntil(RawHttp2.GOAWAY).getLast().number(4)).isEqualTo(ENHANCE_YOUR_CALM);
        awaitRecords("protocol_abuse", 1);
        assertThat(recordsOf("protocol_abuse").getFirst().path("message").asString(""))
                .startsWith("ping: ");
        assertThat(metric("exeat_h2_abuse_total{kind=\"ping\"}")).isEqualTo(1);
        assertThat(hits("h2-flood-limit")).isEqualTo(1);

        RawHttp2 many = kept(new RawHttp2(kept(rig.as("a", "h2"))));
        for (int i = 0; i < 8; i++) {
            many.write(many.connect(rig.authority("allowed.test")));
        }
        RawHttp2.Frame refused = many.readUntil(RawHttp2.RST_STREAM).getLast();
        assertThat(refused.number(0)).isEqualTo(REFUSED_STREAM);
        assertThat(refused.stream()).as("the sixth").isEqualTo(11);
        awaitHits("max-tunnels-per-connection", 3);
        isServed("b");
    }

    @Test
    void silence_and_too_much_of_an_answer_have_their_limits_and_reasons() throws Exception {
        start(
                "--handshake-timeout",
                "3s",
                "--hello-timeout",
                "3s",
                "--idle-timeout",
                "1s",
                "--dns-max-records",
                "100",
                "--dns-max-cnames",
                "4");
        HostileClient withoutHandshake = kept(HostileClient.plain(rig.gateway.address("tunnel")));
        HostileClient withoutHello = kept(rig.tunnelTo("allowed.test"));
        for (String host : List.of("big.test", "deep20.test")) {
            HostileClient client = kept(rig.tunnelTo(host));
            client.send(ClientHelloBuilder.to(host).records());
            assertThat(client.outcome(LIMIT)).as(host).isEqualTo(new Outcome.Alerted(80));
        }
        kept(rig.tunnelTo("allowed.test")).send(HelloCases.of("N01").octets());

        awaitHits("dns-max-records", 1);
        awaitHits("dns-max-cnames", 1);
        awaitHits("idle-timeout", 1);
        awaitHits("handshake-timeout", 1);
        awaitHits("hello-timeout", 1);
        for (String reason : List.of("dns_too_many", "dns_too_deep", "handshake_timeout", "hello_timeout")) {
            awaitRecords(reason, 1);
        }
        assertThat(withoutHandshake.outcome(LIMIT)).isNotInstanceOf(Outcome.Silence.class);
        assertThat(withoutHello.outcome(LIMIT)).isInstanceOf(Outcome.Alerted.class);
    }

    @Test
    @Case("K19")
    void two_thousand_denied_names_make_a_hundred_series() throws Exception {
        start();
        String denied = "exeat_connections_total{listener=\"tunnel\",reason=\"host_unknown\",verdict=\"denied\"}";
        long series = 0;
        for (int batch = 1; batch <= 4; batch++) {
            RawHttp2 asking = kept(new RawHttp2(kept(rig.as("a", "h2"))));
            reading(asking);
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                requests.writeBytes(asking.connect("n" + batch + "-" + i + ".denied.test:443"));
            }
            asking.write(requests.toByteArray());
            int asked = 500 * batch;
            await().atMost(LIMIT).until(() -> metric(denied) == asked);
            long now = rig.metrics().lines().count();
            assertThat(now).as("series after %s names", asked).isEqualTo(batch == 1 ? now : series);
            series = now;
        }

        assertThat(rig.metrics()).hasSizeLessThan(64 * 1024);
        assertThat(rig.metrics()
                        .lines()
                        .filter(line -> line.matches("exeat_host_connections_total.*\\.denied\\.test.*")))
                .hasSize(100);
        assertThat(metric("exeat_host_connections_total{host=\"other\",verdict=\"denied\"}"))
                .isEqualTo(1900);
    }
}
