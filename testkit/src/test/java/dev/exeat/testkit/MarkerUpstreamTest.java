package dev.exeat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class MarkerUpstreamTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void answers_the_marker_and_tallies_what_came() throws IOException {
        byte[] sent = SampleOctets.of(100_000);
        try (MarkerUpstream upstream = MarkerUpstream.start(ANY);
                Socket client = connect(upstream)) {
            client.getOutputStream().write(sent);
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).isEqualTo(Behaviour.MARKER.getBytes(US_ASCII));
            Received received = upstream.received().getFirst();
            await().until(received::ended);
            assertThat(received.count()).isEqualTo(100_000);
            assertThat(received.sha256()).isEqualTo(OctetTally.sha256(sent));
            assertThat(received.octets()).isEqualTo(sent);
            assertThat(received.peer().getPort()).isEqualTo(client.getLocalPort());
        }
    }

    @Test
    void has_an_empty_record_when_nobody_dials() {
        try (MarkerUpstream upstream = MarkerUpstream.start(ANY)) {
            assertThat(upstream.received()).isEmpty();
        }
    }

    @Test
    void reads_nothing_before_it_is_released() throws IOException {
        try (MarkerUpstream upstream =
                        MarkerUpstream.start(ANY, Behaviour.silent().holding());
                Socket client = connect(upstream)) {
            client.getOutputStream().write(7);
            await().until(() -> upstream.received().size() == 1);
            assertThat(upstream.received().getFirst().count()).isZero();

            upstream.release();

            await().until(() -> upstream.received().getFirst().count() == 1);
        }
    }

    @Test
    void speaks_last_after_a_half_close() throws IOException {
        try (MarkerUpstream upstream = MarkerUpstream.start(
                        ANY, Behaviour.echoing().greeting("hi ").farewell(" bye"));
                Socket client = connect(upstream)) {
            client.getOutputStream().write("echo".getBytes(US_ASCII));
            client.shutdownOutput();

            assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
                    .isEqualTo("hi echo bye");
        }
    }

    private static Socket connect(MarkerUpstream upstream) throws IOException {
        return new Socket(upstream.address().getAddress(), upstream.address().getPort());
    }
}
