package dev.exeat.proxy.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class H2TunnelTest {
    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void carries_bytes_both_ways_through_an_accepted_tunnel() {
        Duo duo = new Duo();
        Duo.Opened opened = duo.open("en.example.com:443");
        duo.run();
        assertThat(duo.ready).isTrue();
        assertThat(duo.requests).hasSize(1);
        assertThat(duo.requests.getFirst().authority()).isEqualTo("en.example.com:443");
        assertThat(opened.calls).isZero();

        Flow far = new Flow(duo.requests.getFirst().accept());
        duo.run();
        Flow near = new Flow(opened.tunnel);
        near.send("hello");
        far.send("welcome");
        duo.run();

        assertThat(far.text()).isEqualTo("hello");
        assertThat(near.text()).isEqualTo("welcome");
        assertThat(duo.server.streams()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 9, 100, 16_384})
    void carries_bytes_whatever_the_transport_cuts(int step) {
        Duo duo = new Duo(H2Limits.defaults(), 32 * 1024, step);
        Duo.Tunnel tunnel = duo.tunnel();
        byte[] up = random(100_000, 1);
        byte[] down = random(50_000, 2);
        tunnel.near().send(up, true);
        tunnel.far().send(down, true);
        duo.run();

        assertThat(tunnel.far().received.toByteArray()).isEqualTo(up);
        assertThat(tunnel.near().received.toByteArray()).isEqualTo(down);
        assertThat(tunnel.near().ended).isTrue();
        assertThat(tunnel.far().ended).isTrue();
        assertThat(duo.client.streams()).isZero();
        assertThat(duo.server.streams()).isZero();
    }

    @Test
    void half_closes_each_direction_for_itself() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        tunnel.near().send("request".getBytes(StandardCharsets.US_ASCII), true);
        duo.run();
        assertThat(tunnel.far().text()).isEqualTo("request");
        assertThat(tunnel.far().ended).isTrue();
        assertThat(tunnel.near().ended).isFalse();

        tunnel.far().send("answer".getBytes(StandardCharsets.US_ASCII), true);
        duo.run();
        assertThat(tunnel.near().text()).isEqualTo("answer");
        assertThat(tunnel.near().ended).isTrue();
        assertThat(duo.server.streams()).isZero();
        assertThat(duo.client.streams()).isZero();
    }

    @Test
    void keeps_what_came_before_the_end_for_a_late_reader() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        tunnel.far().paused = true;
        tunnel.near().send(random(1000, 5), true);
        duo.run();
        tunnel.far().send("done".getBytes(StandardCharsets.US_ASCII), true);
        duo.run();
        assertThat(duo.server.streams()).isZero();

        tunnel.far().resume();
        assertThat(tunnel.far().received.toByteArray()).isEqualTo(random(1000, 5));
        assertThat(tunnel.far().ended).isTrue();
    }

    @Test
    void carries_much_with_a_slow_reader_and_holds_no_more_than_a_window() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        byte[] bytes = random(3_000_000, 3);
        tunnel.far().paused = true;
        tunnel.near().send(bytes, true);
        duo.run();
        int taken = bytes.length - tunnel.near().unsent();
        assertThat(taken).isEqualTo(H2Limits.defaults().streamWindow());

        tunnel.far().resume();
        duo.run();
        assertThat(tunnel.far().received.toByteArray()).isEqualTo(bytes);
        assertThat(tunnel.far().ended).isTrue();
    }

    @Test
    void lets_other_tunnels_pass_those_whose_readers_sleep() {
        Duo duo = new Duo();
        List<Duo.Tunnel> sleeping = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Duo.Tunnel tunnel = duo.tunnel();
            tunnel.far().paused = true;
            tunnel.near().send(new byte[400_000], false);
            sleeping.add(tunnel);
        }
        duo.run();
        assertThat(sleeping)
                .allMatch(
                        t -> t.near().unsent() == 400_000 - H2Limits.defaults().streamWindow());

        Duo.Tunnel awake = duo.tunnel();
        byte[] bytes = random(1_000_000, 4);
        awake.near().send(bytes, true);
        duo.run();
        assertThat(awake.far().received.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void holds_the_peer_back_when_all_tunnels_together_hold_too_much() {
        H2Limits small = new H2Limits(
                100,
                16_384,
                65_535,
                200_000,
                300_000,
                1000,
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofSeconds(9));
        Duo duo = new Duo(small, 256 * 1024, Integer.MAX_VALUE);
        List<Duo.Tunnel> tunnels = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Duo.Tunnel tunnel = duo.tunnel();
            tunnel.far().paused = true;
            tunnels.add(tunnel);
        }
        tunnels.forEach(t -> t.near().send(random(60_000, 9), true));
        duo.run();
        long taken = tunnels.stream().mapToLong(t -> 60_000 - t.near().unsent()).sum();
        assertThat(taken).isLessThanOrEqualTo(300_000);

        tunnels.forEach(t -> t.far().resume());
        duo.run();
        assertThat(tunnels)
                .allSatisfy(t -> assertThat(t.far().received.toByteArray()).isEqualTo(random(60_000, 9)));
    }

    @Test
    void shares_a_full_connection_fairly() {
        Duo duo = new Duo(H2Limits.defaults(), 64 * 1024, Integer.MAX_VALUE);
        List<Duo.Tunnel> tunnels = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tunnels.add(duo.tunnel());
        }
        tunnels.forEach(t -> t.near().send(new byte[4_000_000], false));
        long first = 0;
        while (first < 1_000_000) {
            assertThat(duo.tasks.step()).isTrue();
            first = tunnels.stream()
                    .mapToLong(t -> t.far().received.size())
                    .max()
                    .orElse(0);
        }
        long least =
                tunnels.stream().mapToLong(t -> t.far().received.size()).min().orElse(0);
        assertThat(least).isGreaterThan(500_000);
    }

    @Test
    void carries_a_thousand_tunnels_at_once() {
        Duo duo = new Duo();
        List<Duo.Opened> opened = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            opened.add(duo.open("a.example.com:443"));
        }
        duo.run();
        for (int i = 100; i < 1000; i++) {
            opened.add(duo.open("a.example.com:443"));
        }
        duo.run();
        assertThat(duo.requests).hasSize(1000);
        assertThat(duo.client.availableStreams()).isZero();
        for (H2ConnectRequest request : duo.requests) {
            new Flow(request.accept()).echo = true;
        }
        duo.run();
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < opened.size(); i++) {
            Flow flow = new Flow(opened.get(i).tunnel);
            flow.send(random(5000, i), false);
            flows.add(flow);
        }
        duo.run();
        for (int i = 0; i < flows.size(); i++) {
            assertThat(flows.get(i).received.toByteArray()).isEqualTo(random(5000, i));
        }
        flows.forEach(f -> f.stream.reset());
        duo.run();
        assertThat(duo.server.streams()).isZero();
        assertThat(duo.client.isClosed()).isFalse();
        assertThat(duo.client.availableStreams()).isEqualTo(1000);
    }

    @Test
    void goes_on_when_the_transport_takes_all_at_once() {
        H2Limits wide = new H2Limits(
                100,
                16_384,
                64_000_000,
                64_000_000,
                64_000_000,
                1000,
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofSeconds(9));
        Duo duo = new Duo(wide, 64_000_000, Integer.MAX_VALUE);
        Duo.Tunnel one = duo.tunnel();
        Duo.Tunnel two = duo.tunnel();
        duo.serverEnd.deaf = true;
        one.near().send(new byte[5_000_000], false);
        two.near().send(new byte[5_000_000], false);
        duo.run();
        assertThat(one.near().unsent() + two.near().unsent()).isZero();
    }

    @Test
    void puts_the_frames_of_a_turn_into_one_write() {
        Duo duo = new Duo();
        for (int i = 0; i < 50; i++) {
            duo.open("a.example.com:443");
        }
        duo.run();
        long before = duo.serverEnd.writes;
        duo.requests.forEach(H2ConnectRequest::accept);
        duo.run();
        assertThat(duo.serverEnd.writes - before).isOne();
    }

    @Test
    void fails_a_tunnel_more_than_the_server_allows() {
        Duo duo = new Duo(H2Limits.defaults().withConcurrentStreams(3), 65_536, Integer.MAX_VALUE);
        duo.run();
        for (int i = 0; i < 3; i++) {
            duo.open("a.example.com:443");
        }
        Duo.Opened fourth = duo.open("a.example.com:443");
        assertThat(fourth.calls).isZero();
        duo.run();
        assertThat(fourth.untouched).isTrue();
        assertThat(fourth.failure).contains("full");
        assertThat(duo.requests).hasSize(3);
    }

    @Test
    void tells_both_sides_of_a_reset() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        tunnel.near().stream.reset();
        duo.run();
        assertThat(tunnel.far().error).isNotNull();
        assertThat(tunnel.far().error.kind()).isEqualTo(StreamException.Kind.RESET);
        assertThat(tunnel.far().stream.isClosed()).isTrue();
        assertThat(tunnel.near().stream.isClosed()).isTrue();
        assertThatThrownBy(() -> tunnel.near().stream.write(ByteBuffer.allocate(1)))
                .isInstanceOf(StreamException.class);

        Duo.Tunnel other = duo.tunnel();
        other.far().stream.reset();
        duo.run();
        assertThat(other.near().error).isNotNull();
    }

    @Test
    void delivers_an_alert_and_the_end_when_a_server_ends_a_tunnel() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        tunnel.near().send("client hello");
        duo.run();
        tunnel.far().stream.write(ByteBuffer.wrap(new byte[] {21, 3, 3, 0, 2, 2, 49}));
        tunnel.far().stream.end();
        duo.run();
        assertThat(tunnel.near().received.toByteArray()).containsExactly(21, 3, 3, 0, 2, 2, 49);
        assertThat(tunnel.near().ended).isTrue();
        tunnel.near().send("still talking");
        duo.run();
        assertThat(duo.server.streams()).isOne();

        duo.tasks.advance(Duration.ofSeconds(2));
        assertThat(duo.server.streams()).isZero();
        assertThat(duo.client.streams()).isZero();
    }

    @Test
    void keeps_a_fault_of_one_tunnels_owner_from_the_others() {
        Duo duo = new Duo();
        Duo.Tunnel faulty = duo.tunnel();
        Duo.Tunnel other = duo.tunnel();
        faulty.far().stream.handler(new ByteStream.Handler() {
            @Override
            public void readable(ByteStream stream) {
                throw new IllegalStateException("a fault, as this test wants it");
            }

            @Override
            public void writable(ByteStream stream) {}
        });
        faulty.near().send("x");
        other.near().send("y");
        duo.run();
        assertThat(faulty.near().error).isNotNull();
        assertThat(other.far().text()).isEqualTo("y");
        assertThat(duo.serverClosed).isNull();
    }

    @Test
    void lets_a_request_be_given_up() {
        Duo duo = new Duo();
        Duo.Opened opened = duo.open("a.example.com:443");
        duo.run();
        opened.cancel.cancel();
        duo.run();
        assertThat(opened.calls).isZero();
        assertThat(duo.requests.getFirst().isCancelled()).isTrue();
        ByteStream closed = duo.requests.getFirst().accept();
        assertThat(closed.isClosed()).isTrue();
        duo.run();
        assertThat(duo.client.isClosed()).isFalse();
        assertThat(duo.tunnel().near().stream.isClosed()).isFalse();
    }

    @Test
    void drains_with_the_tunnels_that_are_open() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        duo.server.drain();
        duo.run();
        assertThat(duo.draining).isTrue();
        assertThat(duo.client.availableStreams()).isZero();
        Duo.Opened late = duo.open("a.example.com:443");
        duo.run();
        assertThat(late.untouched).isTrue();

        tunnel.near().send("more".getBytes(StandardCharsets.US_ASCII), true);
        duo.run();
        assertThat(tunnel.far().text()).isEqualTo("more");
        assertThat(duo.serverClosed).isNull();
        tunnel.far().send(new byte[0], true);
        duo.run();
        assertThat(duo.serverClosed).isNotNull();
        assertThat(duo.serverClosed.clean()).isTrue();
        assertThat(duo.clientClosed).isNotNull();
        assertThat(duo.clientClosed.clean()).isTrue();
        assertThat(duo.serverEnd.isEnded()).isTrue();
    }

    @Test
    void refuses_untouched_what_crosses_the_going_away() {
        Duo duo = new Duo();
        duo.run();
        duo.tunnel();
        duo.server.drain();
        Duo.Opened crossing = duo.open("b.example.com:443");
        duo.run();
        assertThat(crossing.untouched).isTrue();
        assertThat(duo.requests).hasSize(1);
    }

    @Test
    void drains_at_once_when_nothing_is_open() {
        Duo duo = new Duo();
        duo.run();
        duo.client.drain();
        duo.run();
        assertThat(duo.clientClosed).isNotNull();
        assertThat(duo.serverClosed).isNotNull();
        assertThat(duo.tasks.pendingTimers()).isZero();
    }

    @Test
    void breaks_every_tunnel_when_the_transport_breaks() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        Duo.Opened waiting = duo.open("b.example.com:443");
        duo.run();
        duo.serverEnd.reset();
        duo.run();
        assertThat(tunnel.near().error).isNotNull();
        assertThat(waiting.failure).isNotNull();
        assertThat(waiting.untouched).isFalse();
        assertThat(duo.clientClosed).isNotNull();
        assertThat(duo.clientClosed.clean()).isFalse();
    }

    @Test
    void breaks_every_tunnel_when_it_is_closed() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        duo.client.close();
        assertThat(tunnel.near().error).isNull();
        duo.run();
        assertThat(tunnel.near().error).isNotNull();
        assertThat(tunnel.far().error).isNotNull();
        assertThat(duo.clientClosed).isNotNull();
        assertThat(duo.serverClosed).isNotNull();
        assertThat(duo.tasks.pendingTimers()).isZero();
    }

    @Test
    void keeps_what_a_client_sends_before_the_answer() {
        Duo duo = new Duo();
        duo.open("a.example.com:443");
        duo.run();
        // Not what our client does, but HTTP/2 lets another one.
        H2Stream early = duo.client.table().find(1);
        early.write(ByteBuffer.wrap("early".getBytes(StandardCharsets.US_ASCII)));
        duo.run();
        Flow far = new Flow(duo.requests.getFirst().accept());
        duo.run();
        assertThat(far.text()).isEqualTo("early");
    }

    @Test
    void gives_up_a_peer_that_is_silent() {
        Duo duo = new Duo();
        Duo.Tunnel tunnel = duo.tunnel();
        duo.tasks.advance(Duration.ofMinutes(5));
        assertThat(duo.client.isClosed())
                .as("a peer that answers pings is alive")
                .isFalse();

        duo.serverEnd.frozen = true;
        duo.tasks.advance(Duration.ofMinutes(2));
        assertThat(duo.clientClosed).isNotNull();
        assertThat(tunnel.near().error).isNotNull();
    }

    @Test
    void gives_up_a_peer_that_never_says_its_settings() {
        FakeTasks tasks = new FakeTasks();
        MemoryStream[] ends = MemoryStream.pair(tasks, 65_536, Integer.MAX_VALUE);
        H2Closed[] closed = new H2Closed[1];
        H2ServerConnection.start(
                ends[0],
                H2Limits.defaults(),
                new H2ServerHandler() {
                    @Override
                    public void connect(H2ConnectRequest request) {}

                    @Override
                    public void refused(int status, String detail) {}

                    @Override
                    public void closed(H2Closed how) {
                        closed[0] = how;
                    }
                },
                tasks,
                new H2Buffers());
        tasks.advance(Duration.ofSeconds(9));
        assertThat(closed[0]).isNull();
        tasks.advance(Duration.ofSeconds(2));
        assertThat(closed[0]).isNotNull();
    }
}
