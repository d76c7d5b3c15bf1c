package dev.exeat.proxy.h2;

import static dev.exeat.proxy.h2.RawPeer.fields;
import static dev.exeat.proxy.h2.RawPeer.frame;
import static dev.exeat.proxy.h2.RawPeer.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client's connection against servers that break the rules of RFC 9113. */
class H2HostileServerTest {
    private final FakeTasks tasks = new FakeTasks();
    private @Nullable H2Closed closed;
    private boolean draining;
    private H2ClientConnection client;

    private RawPeer server(int step) {
        MemoryStream[] ends = MemoryStream.pair(tasks, 1 << 20, step);
        client = H2ClientConnection.start(
                ends[0],
                H2Limits.defaults(),
                new H2ClientHandler() {
                    @Override
                    public void ready(H2ClientConnection connection) {}

                    @Override
                    public void draining(H2ClientConnection connection) {
                        draining = true;
                    }

                    @Override
                    public void closed(H2ClientConnection connection, H2Closed how) {
                        closed = how;
                    }
                },
                tasks,
                new H2Buffers());
        RawPeer peer = new RawPeer(tasks, ends[1]);
        peer.clientPrefaceSeen = false;
        return peer;
    }

    private RawPeer settled() {
        return server(Integer.MAX_VALUE).write(frame(Frame.SETTINGS, 0, 0)).run();
    }

    private Duo.Opened open() {
        Duo.Opened opened = new Duo.Opened();
        opened.cancel = client.open("a.test:443", opened);
        tasks.run();
        return opened;
    }

    private static byte[] status(int id, int flags, String... list) {
        return frame(Frame.HEADERS, Frame.END_HEADERS | flags, id, fields(list));
    }

    static Stream<Arguments> connectionErrors() {
        return Stream.of(
                Arguments.of("PUSH_PROMISE", H2Error.PROTOCOL_ERROR, frame(5, 4, 1, number(2))),
                Arguments.of("HEADERS on an idle stream", H2Error.PROTOCOL_ERROR, status(3, 0, ":status", "200")),
                Arguments.of("HEADERS on a pushed stream", H2Error.PROTOCOL_ERROR, status(2, 0, ":status", "200")),
                Arguments.of("DATA on an idle stream", H2Error.PROTOCOL_ERROR, frame(0, 0, 3, new byte[1])),
                Arguments.of("DATA on a pushed stream", H2Error.PROTOCOL_ERROR, frame(0, 0, 2, new byte[1])),
                Arguments.of("RST_STREAM of an idle stream", H2Error.PROTOCOL_ERROR, frame(3, 0, 5, number(8))),
                Arguments.of("ENABLE_PUSH", H2Error.PROTOCOL_ERROR, frame(4, 0, 0, new byte[] {0, 2, 0, 0, 0, 1})),
                Arguments.of("broken HPACK", H2Error.COMPRESSION_ERROR, frame(1, 4, 1, new byte[] {(byte) 0x80})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("connectionErrors")
    void ends_the_connection_for(String what, H2Error error, byte[] bytes) {
        RawPeer peer = settled();
        Duo.Opened opened = open();
        peer.write(bytes).run();
        assertThat(peer.goneAway()).isEqualTo(error.code());
        assertThat(opened.failure).isNotNull();
        assertThat(opened.untouched).isFalse();
        assertThat(closed).isNotNull();
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                        status(1, 0, "x", "y"),
                        status(1, 0, ":status", "20"),
                        status(1, 0, ":status", "abc"),
                        status(1, 0, ":status", "999"),
                        status(1, 0, ":status", "200", ":status", "200"),
                        status(1, 0, "x", "y", ":status", "200"),
                        status(1, 0, ":method", "CONNECT"),
                        status(1, 1, ":status", "100"),
                        frame(0, 0, 1, new byte[1]),
                        frame(8, 0, 1, number(0)))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void fails_only_the_tunnel_that_is_answered_wrongly(byte[] answer) {
        RawPeer peer = settled();
        Duo.Opened one = open();
        Duo.Opened two = open();
        peer.write(answer).write(status(3, 0, ":status", "200")).run();
        assertThat(one.failure).isNotNull();
        assertThat(one.calls).isOne();
        assertThat(peer.reset(1)).isEqualTo(H2Error.PROTOCOL_ERROR.code());
        assertThat(two.tunnel).isNotNull();
        assertThat(closed).isNull();
    }

    @Test
    void passes_over_interim_answers() {
        RawPeer peer = settled();
        Duo.Opened opened = open();
        peer.write(status(1, 0, ":status", "100")).write(status(1, 0, ":status", "103", "link", "x"));
        peer.write(status(1, 0, ":status", "204"))
                .write(frame(0, 1, 1, new byte[] {'h', 'i'}))
                .run();
        Flow flow = new Flow(opened.tunnel);
        peer.run();
        assertThat(flow.text()).isEqualTo("hi");
        assertThat(flow.ended).isTrue();
    }

    @Test
    void a_reset_of_an_ended_tunnel_is_no_fault_but_thousands_are() {
        RawPeer peer = settled();
        open();
        peer.write(frame(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, fields(":status", "403")))
                .run();
        assertThat(client.streams()).isZero();

        for (int i = 0; i <= 1000; i++) {
            peer.write(frame(Frame.RST_STREAM, 0, 1, number(0)));
        }
        peer.run();
        assertThat(closed).isNull();
        peer.write(frame(Frame.RST_STREAM, 0, 1, number(0))).run();
        assertThat(closed).isNotNull();
    }

    @Test
    void takes_a_refusal_without_a_body_or_with_a_reset_behind_it() {
        RawPeer peer = settled();
        Duo.Opened bare = open();
        peer.write(status(1, 1, ":status", "403")).run();
        assertThat(bare.status).isEqualTo(403);
        assertThat(bare.body).isEmpty();

        Duo.Opened cut = open();
        peer.write(status(3, 0, ":status", "502"))
                .write(frame(0, 0, 3, new byte[] {'{', '}'}))
                .write(frame(3, 0, 3, number(0)))
                .run();
        assertThat(cut.status).isEqualTo(502);
        assertThat(cut.calls).isOne();

        Duo.Opened endless = open();
        peer.write(status(5, 0, ":status", "503")).run();
        assertThat(endless.calls).isZero();
        tasks.advance(Duration.ofSeconds(3));
        assertThat(endless.status).isEqualTo(503);
        assertThat(client.streams()).isZero();
    }

    @Test
    void knows_which_requests_may_be_sent_again() {
        RawPeer peer = settled();
        Duo.Opened kept = open();
        Duo.Opened refused = open();
        Duo.Opened past = open();
        peer.write(frame(3, 0, 3, number(H2Error.REFUSED_STREAM.code())));
        byte[] goAway = Arrays.copyOf(number(3), 8);
        peer.write(frame(7, 0, 0, goAway)).run();
        assertThat(refused.untouched).isTrue();
        assertThat(past.untouched).isTrue();
        assertThat(kept.calls).isZero();
        assertThat(draining).isTrue();
        peer.write(status(1, 0, ":status", "200")).run();
        assertThat(kept.tunnel).isNotNull();
        assertThat(closed).isNull();
        kept.tunnel.reset();
        peer.run();
        assertThat(closed).isNotNull();
    }

    @Test
    void obeys_the_number_of_streams_the_server_allows() {
        RawPeer peer = server(Integer.MAX_VALUE);
        peer.write(frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 1})).run();
        open();
        assertThat(client.availableStreams()).isZero();
        assertThat(open().untouched).isTrue();
        peer.write(frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 0})).run();
        assertThat(client.availableStreams()).isZero();
        assertThat(peer.of(Frame.HEADERS)).hasSize(1);
    }

    @Test
    void survives_any_frames() {
        Random random = new Random(44);
        for (int round = 0; round < 3000; round++) {
            RawPeer peer = server(1 + random.nextInt(100))
                    .write(frame(Frame.SETTINGS, 0, 0))
                    .run();
            List<Duo.Opened> opened = List.of(open(), open(), open());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 20; i++) {
                int id = random.nextInt(8);
                byte[] payload = new byte[random.nextInt(30)];
                random.nextBytes(payload);
                byte[] next = switch (random.nextInt(5)) {
                    case 0 -> status(id | 1, random.nextInt(2), ":status", random.nextBoolean() ? "200" : "403");
                    case 1 -> frame(0, random.nextInt(16), id | 1, payload);
                    case 2 -> frame(8, 0, id, number(random.nextInt(100_000)));
                    case 3 -> frame(random.nextInt(12), random.nextInt(64), id, payload);
                    default -> frame(3, 0, id | 1, number(random.nextInt(16)));
                };
                if (random.nextInt(10) == 0) {
                    next[random.nextInt(next.length)] ^= (byte) (1 << random.nextInt(8));
                }
                all.writeBytes(next);
            }
            peer.write(all.toByteArray()).run();
            peer.stream.reset();
            tasks.advance(Duration.ofSeconds(5));
            assertThat(client.isClosed()).isTrue();
            assertThat(client.streams()).isZero();
            assertThat(opened).allMatch(o -> o.calls == 1);
            assertThat(tasks.pendingTimers()).isZero();
        }
    }
}
