package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.Reason;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.Delivery;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {
    @TempDir
    private Path directory;

    private TestGateway running;
    private Gateway gateway;
    private List<ConnectionTrace> ended;

    @BeforeEach
    void start() throws Exception {
        running = TestGateway.start(directory, 1, EgressLimits.DEFAULT);
        gateway = running.gateway;
        ended = running.ended;
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void a_client_that_breaks_off_right_behind_its_connect_has_its_record() throws Exception {
        InetSocketAddress address = gateway.tunnelAddress();
        HostileClient client = HostileClient.mutualTls(address, running.as("a").offering("http/1.1"));
        await().until(() -> running.handshakes.equals(List.of("established")));
        // The loop finds the request and the reset together.
        CountDownLatch broken = new CountDownLatch(1);
        running.loops.next().execute(() -> awaitSafely(broken));
        client.send(
                "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                Delivery.whole().ending(Delivery.Ending.RESET));
        broken.countDown();

        await().atMost(Duration.ofSeconds(5)).until(() -> ended.size() == 1);
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.CLIENT_GONE);
        assertThat(gateway.open()).isZero();
    }

    @Test
    void a_connection_that_never_speaks_the_protocol_it_chose_has_its_record() throws Exception {
        try (HostileClient client =
                HostileClient.mutualTls(gateway.tunnelAddress(), running.as("a").offering("h2"))) {
            client.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            await().until(() -> ended.size() == 1);
        }
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.PROTOCOL_INVALID);
    }

    @Test
    void a_fault_of_the_policy_refuses_a_connect_gives_its_place_back_and_has_its_record() throws Exception {
        running.fault = () -> {
            throw new IllegalStateException("a fault");
        };
        try (HostileClient client =
                HostileClient.mutualTls(gateway.tunnelAddress(), running.as("a").offering("http/1.1"))) {
            assertThat(client.connect("a.test:443")).startsWith("HTTP/1.1 5").contains("internal_error");
        }

        await().until(() -> ended.size() == 1);
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.INTERNAL_ERROR);
        assertThat(gateway.drain(Duration.ofSeconds(2))).isZero();
    }

    @Test
    void a_client_that_was_accepted_before_a_drain_is_heard_after_its_beginning() throws Exception {
        try (HostileClient client =
                HostileClient.mutualTls(gateway.tunnelAddress(), running.as("a").offering("http/1.1"))) {
            Thread draining = Thread.ofVirtual().start(() -> drainSafely());
            await().until(() -> !accepts());

            // It is asked after the name, which nobody resolves here, and not turned away.
            assertThat(client.connect("a.test:443")).startsWith("HTTP/1.1 200");
            client.socket().close();
            draining.join();
        }
        assertThat(ended.stream().map(ConnectionTrace::reason))
                .contains(Reason.HELLO_TRUNCATED)
                .doesNotContain(Reason.DRAINING);
    }

    private boolean accepts() {
        try (HostileClient another = HostileClient.plain(gateway.tunnelAddress())) {
            return another.socket().isConnected();
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    private void drainSafely() {
        try {
            gateway.drain(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_fault_of_the_policy_denies_and_has_its_record() {
        running.fault = () -> {
            throw new IllegalStateException("a fault");
        };
        try (HostileClient client = HostileClient.plain(gateway.plainAddress())) {
            client.send(ClientHelloBuilder.to("a.test").records());

            assertThat(client.outcome(Duration.ofSeconds(5))).isEqualTo(new Outcome.Alerted(80));
        }
        await().until(() -> ended.size() == 1);
        assertThat(ended.getFirst().reason()).isEqualTo(Reason.INTERNAL_ERROR);
        assertThat(gateway.open()).isZero();
    }

    private static void awaitSafely(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
