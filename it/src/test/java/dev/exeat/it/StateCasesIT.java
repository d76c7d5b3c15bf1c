package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Behaviour;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens after the first hello: a second one, half-closes, resets. */
class StateCasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int X25519 = 0x001d;
    private static final int ILLEGAL_PARAMETER = 47;

    private static final String FAREWELL = "the answer to all of it";

    @TempDir
    private static Path directory;

    /** Its upstream answers a hello with a HelloRetryRequest. */
    private static Rig retrying;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        retrying = Rig.start(directory.resolve("retrying"), Behaviour.retrying());
        rig = Rig.start(directory, Behaviour.marking().farewell(FAREWELL));
    }

    @BeforeEach
    void settle() {
        retrying.settle();
        rig.settle();
    }

    @AfterAll
    static void stop() {
        retrying.close();
        rig.close();
    }

    private static byte[] first() {
        return ClientHelloBuilder.to("allowed.test")
                .groups(X25519)
                .emptyKeyShare()
                .records();
    }

    private HostileClient retried() throws Exception {
        HostileClient client = HostileClient.plain(retrying.gateway.address("plain"));
        assertThat(client.send(first()).outcome(Duration.ofMillis(500))).isInstanceOf(Outcome.Answered.class);
        return client;
    }

    @Test
    @Case("S01")
    void a_second_hello_after_a_retry_request_passes_with_the_same_name() throws Exception {
        int recorded = retrying.records().size();
        byte[] second = ClientHelloBuilder.to("allowed.test").groups(X25519).records();
        try (HostileClient client = retried()) {
            client.send(second);

            Awaitility.await()
                    .atMost(5, TimeUnit.SECONDS)
                    .until(() -> retrying.lastReceived().count() == first().length + second.length);
        }
        assertThat(retrying.recordAfter(recorded).get("verdict").asString()).isEqualTo("allowed");
    }

    @Test
    @Case("S03")
    void a_second_hello_without_a_name_ends_the_connection_before_it_is_passed_on() throws Exception {
        refuses(ClientHelloBuilder.withoutSni().groups(X25519).records());
    }

    @Test
    @Case("S03")
    void a_second_hello_with_another_name_ends_the_connection_before_it_is_passed_on() throws Exception {
        refuses(ClientHelloBuilder.to("denied.test").groups(X25519).records());
    }

    private void refuses(byte[] second) throws Exception {
        int recorded = retrying.records().size();
        try (HostileClient client = retried()) {
            assertThat(client.send(second).outcome(LIMIT)).isEqualTo(new Outcome.Alerted(ILLEGAL_PARAMETER));
        }
        assertThat(retrying.recordAfter(recorded).get("reason").asString()).isEqualTo("sni_changed");
        assertThat(retrying.lastReceived().count()).isEqualTo(first().length);
    }

    @Test
    @Case("S15")
    void what_the_upstream_says_after_the_client_has_ended_its_side_arrives() throws Exception {
        int recorded = rig.records().size();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            assertThat(client.send(ClientHelloBuilder.to("allowed.test").records())
                            .outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
            client.socket().shutdownOutput();
            client.socket().setSoTimeout(5_000);
            InputStream in = client.socket().getInputStream();

            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(FAREWELL);
        }
        assertThat(rig.recordAfter(recorded).has("flag")).isFalse();
    }

    @Test
    void a_reset_of_the_client_is_passed_on_and_recorded_with_its_octets() throws Exception {
        int recorded = rig.records().size();
        byte[] hello = ClientHelloBuilder.to("allowed.test").records();
        try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
            assertThat(client.send(hello).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
            client.socket().setSoLinger(true, 0);
        }
        var record = rig.recordAfter(recorded);
        assertThat(record.get("flag").asString()).isEqualTo("client_reset");
        assertThat(record.get("bytes_received").asLong()).isEqualTo(hello.length);
    }

    @Test
    @Case({"R05", "S16"})
    void a_reset_of_the_upstream_reaches_the_client_at_once_and_is_on_record() throws Exception {
        int recorded = rig.records().size();
        try (HostileClient client = rig.carried()) {
            rig.lastReceived().reset();

            assertThat(client.outcome(Duration.ofSeconds(1))).isEqualTo(new Outcome.Closed());
        }
        var record = rig.recordAfter(recorded);
        assertThat(record.get("flag").asString()).isEqualTo("upstream_reset");
        assertThat(record.get("bytes_sent").asLong()).isEqualTo(Behaviour.MARKER.length());
    }
}
