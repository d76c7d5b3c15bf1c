package dev.exeat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileClientTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress ANY = new InetSocketAddress(LOOPBACK, 0);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final byte[] HELLO = ClientHelloBuilder.to("allowed.test").records();

    @TempDir
    Path directory;

    @Test
    void sees_the_marker_and_delivers_all_octets_in_segments() {
        try (MarkerUpstream upstream = MarkerUpstream.start(ANY);
                HostileClient client = HostileClient.plain(upstream.address())) {
            client.send(HELLO, Delivery.whole().inSegments(1, Duration.ZERO).pausingAt(5, Duration.ofMillis(1)));

            assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
            await().until(() -> upstream.received().getFirst().count() == HELLO.length);
            assertThat(upstream.received().getFirst().octets()).isEqualTo(HELLO);
        }
    }

    @Test
    void stops_after_some_octets_and_ends_its_side() {
        try (MarkerUpstream upstream = MarkerUpstream.start(ANY, Behaviour.silent());
                HostileClient client = HostileClient.plain(upstream.address())) {
            client.send(HELLO, Delivery.whole().stoppingAfter(100).ending(Delivery.Ending.HALF_CLOSE));

            assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Closed());
            assertThat(upstream.received().getFirst().count()).isEqualTo(100);
            assertThat(upstream.received().getFirst().wasReset()).isFalse();
        }
    }

    @Test
    void resets() {
        try (MarkerUpstream upstream = MarkerUpstream.start(ANY, Behaviour.silent());
                HostileClient client = HostileClient.plain(upstream.address())) {
            client.send(HELLO, Delivery.whole().ending(Delivery.Ending.RESET));

            await().until(() -> !upstream.received().isEmpty()
                    && upstream.received().getFirst().wasReset());
        }
    }

    @Test
    void tells_an_alert_from_other_answers_and_from_silence() {
        String alert = "\u0015\u0003\u0003\0\u0002\u0002p";
        assertThat(outcomeOf(Behaviour.silent().greeting(alert), LIMIT)).isEqualTo(new Outcome.Alerted(112));
        assertThat(outcomeOf(Behaviour.silent().greeting("220 mail"), Duration.ofMillis(100)))
                .isEqualTo(new Outcome.Answered("220 mail"));
        assertThat(outcomeOf(Behaviour.silent(), Duration.ofMillis(50))).isEqualTo(new Outcome.Silence());
    }

    @Test
    void presents_a_certificate_that_the_server_does_not_ask_for_by_name() throws Exception {
        SvidMint mint = SvidMint.mint(directory, "rig.test");
        try (BackgroundProcess server = server(mint)) {
            int port =
                    Integer.parseInt(server.awaitLine("ACCEPT .*:(\\d+)", LIMIT).group(1));
            InetSocketAddress address = new InetSocketAddress(LOOPBACK, port);

            try (HostileClient good = HostileClient.mutualTls(
                    address, OuterTls.as(mint.svid("a"), mint.bundle()).naming("outer.test"))) {
                good.send("GET / HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(good.outcome(LIMIT))
                        .isInstanceOfSatisfying(
                                Outcome.Answered.class,
                                answer -> assertThat(answer.text()).startsWith("HTTP/1.0 200"));
            }
            assertThatThrownBy(() -> HostileClient.mutualTls(
                            address,
                            OuterTls.as(mint.svid("rogue-root"), mint.bundle()).speaking("TLSv1.2")))
                    .isInstanceOf(SSLException.class);
            try (HostileClient late =
                    HostileClient.mutualTls(address, OuterTls.as(mint.svid("foreign-root"), mint.bundle()))) {
                assertThat(late.outcome(LIMIT)).isInstanceOf(Outcome.OuterRefused.class);
            }
            try (HostileClient none = HostileClient.mutualTls(address, OuterTls.anonymous(mint.bundle()))) {
                assertThat(none.outcome(LIMIT)).isInstanceOf(Outcome.OuterRefused.class);
            }
        }
    }

    private static BackgroundProcess server(SvidMint mint) {
        return Command.of("openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-Verify", "3")
                .with("-verify_return_error", "-CAfile", mint.bundle().toString())
                .with("-cert", mint.svid("gw").certificate().toString())
                .with("-key", mint.svid("gw").key().toString())
                .start();
    }

    private static Outcome outcomeOf(Behaviour behaviour, Duration limit) {
        try (MarkerUpstream upstream = MarkerUpstream.start(ANY, behaviour);
                HostileClient client = HostileClient.plain(upstream.address())) {
            return client.outcome(limit);
        }
    }
}
