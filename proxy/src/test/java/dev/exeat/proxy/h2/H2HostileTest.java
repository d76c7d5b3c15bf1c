package dev.exeat.proxy.h2;

import static dev.exeat.proxy.h2.RawPeer.connect;
import static dev.exeat.proxy.h2.RawPeer.fields;
import static dev.exeat.proxy.h2.RawPeer.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server's connection against clients that break the rules of RFC 9113, or bend them to do harm. */
class H2HostileTest {
    private static final byte[] NONE = {};

    private final FakeTasks tasks = new FakeTasks();
    private final List<H2ConnectRequest> requests = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private @Nullable H2Closed closed;
    private boolean acceptAll;
    private H2Limits limits = H2Limits.defaults();
    private H2ServerConnection server;

    private RawPeer peer() {
        return peer(Integer.MAX_VALUE);
    }

    private RawPeer peer(int step) {
        MemoryStream[] ends = MemoryStream.pair(tasks, 1 << 20, step);
        server = H2ServerConnection.start(
                ends[0],
                limits,
                new H2ServerHandler() {
                    @Override
                    public void connect(H2ConnectRequest request) {
                        requests.add(request);
                        if (acceptAll) {
                            new Flow(request.accept());
                        }
                    }

                    @Override
                    public void refused(int status, String detail) {
                        refused.add(status + " " + detail);
                    }

                    @Override
                    public void closed(H2Closed how) {
                        closed = how;
                    }
                },
                tasks,
                new H2Buffers());
        return new RawPeer(tasks, ends[1]);
    }

    private static Arguments broken(String what, H2Error error, byte[]... frames) {
        return Arguments.of(what, error, Arrays.asList(frames));
    }

    static Stream<Arguments> connectionErrors() {
        byte[] headers = fields(":method", "CONNECT", ":authority", "a.test:443");
        byte[] half = Arrays.copyOf(headers, 10);
        return Stream.of(
                broken("DATA on stream 0", H2Error.PROTOCOL_ERROR, frame(Frame.DATA, 0, 0, (byte) 1)),
                broken("DATA on an idle stream", H2Error.PROTOCOL_ERROR, frame(Frame.DATA, 0, 1, (byte) 1)),
                broken("HEADERS on stream 0", H2Error.PROTOCOL_ERROR, frame(Frame.HEADERS, 4, 0, headers)),
                broken("HEADERS on an even stream", H2Error.PROTOCOL_ERROR, frame(Frame.HEADERS, 4, 2, headers)),
                broken("a lower stream", H2Error.STREAM_CLOSED, connect(5), connect(3)),
                broken("RST_STREAM on an idle stream", H2Error.PROTOCOL_ERROR, frame(3, 0, 1, number(8))),
                broken("WINDOW_UPDATE on an idle stream", H2Error.PROTOCOL_ERROR, frame(8, 0, 1, number(8))),
                broken("WINDOW_UPDATE of 0", H2Error.PROTOCOL_ERROR, frame(8, 0, 0, number(0))),
                broken("a window past 2^31-1", H2Error.FLOW_CONTROL_ERROR, frame(8, 0, 0, number(0x7fff_ffff))),
                broken("PUSH_PROMISE", H2Error.PROTOCOL_ERROR, connect(1), frame(5, 4, 1, number(2))),
                broken("SETTINGS on a stream", H2Error.PROTOCOL_ERROR, frame(4, 0, 1)),
                broken("SETTINGS of 5 octets", H2Error.FRAME_SIZE_ERROR, frame(4, 0, 0, new byte[5])),
                broken("SETTINGS ack with octets", H2Error.FRAME_SIZE_ERROR, frame(4, 1, 0, new byte[6])),
                broken("ENABLE_PUSH 2", H2Error.PROTOCOL_ERROR, frame(4, 0, 0, new byte[] {0, 2, 0, 0, 0, 2})),
                broken("window 2^31", H2Error.FLOW_CONTROL_ERROR, frame(4, 0, 0, new byte[] {0, 4, -1, 0, 0, 0})),
                broken("frame size 1", H2Error.PROTOCOL_ERROR, frame(4, 0, 0, new byte[] {0, 5, 0, 0, 0, 1})),
                broken("PING of 7 octets", H2Error.FRAME_SIZE_ERROR, frame(6, 0, 0, new byte[7])),
                broken("PING on a stream", H2Error.PROTOCOL_ERROR, frame(6, 0, 1, new byte[8])),
                broken("GOAWAY of 7 octets", H2Error.FRAME_SIZE_ERROR, frame(7, 0, 0, new byte[7])),
                broken("RST_STREAM of 5 octets", H2Error.FRAME_SIZE_ERROR, frame(3, 0, 1, new byte[5])),
                broken("PRIORITY of 4 octets", H2Error.FRAME_SIZE_ERROR, frame(2, 0, 1, new byte[4])),
                broken("a frame of 16385 octets", H2Error.FRAME_SIZE_ERROR, frame(0, 0, 1, new byte[16_385])),
                broken("an unknown frame too large", H2Error.FRAME_SIZE_ERROR, frame(99, 0, 0, new byte[16_385])),
                broken("padding longer than DATA", H2Error.PROTOCOL_ERROR, connect(1), frame(0, 8, 1, (byte) 2, (byte)
                        0)),
                broken("padded DATA without a length", H2Error.FRAME_SIZE_ERROR, connect(1), frame(0, 8, 1)),
                broken("padding longer than HEADERS", H2Error.PROTOCOL_ERROR, frame(1, 12, 1, (byte) 9, (byte) 0)),
                broken("padded HEADERS without a length", H2Error.FRAME_SIZE_ERROR, frame(1, 12, 1)),
                broken("priority cut short", H2Error.FRAME_SIZE_ERROR, frame(1, 0x24, 1, new byte[4])),
                broken("a CONTINUATION of nothing", H2Error.PROTOCOL_ERROR, frame(9, 4, 1, headers)),
                broken(
                        "PING in a header block",
                        H2Error.PROTOCOL_ERROR,
                        frame(1, 0, 1, half),
                        frame(6, 0, 0, new byte[8])),
                broken("unknown in a header block", H2Error.PROTOCOL_ERROR, frame(1, 0, 1, half), frame(77, 0, 0)),
                broken("DATA in a header block", H2Error.PROTOCOL_ERROR, frame(1, 0, 1, half), frame(0, 0, 1)),
                broken("a CONTINUATION elsewhere", H2Error.PROTOCOL_ERROR, frame(1, 0, 1, half), frame(9, 4, 3, half)),
                broken("a HPACK index of 0", H2Error.COMPRESSION_ERROR, frame(1, 4, 1, (byte) 0x80)),
                broken("a HPACK index past the table", H2Error.COMPRESSION_ERROR, frame(1, 4, 1, (byte) 0xbe)),
                broken("a HPACK string past the block", H2Error.COMPRESSION_ERROR, frame(1, 4, 1, (byte) 0, (byte) 9)),
                broken(
                        "a HPACK table too large",
                        H2Error.COMPRESSION_ERROR,
                        frame(1, 4, 1, (byte) 0x3f, (byte) 0xe2, (byte) 0x1f)),
                broken("a HPACK resize behind a field", H2Error.COMPRESSION_ERROR, frame(1, 4, 1, (byte) 0x82, (byte)
                        0x20)),
                broken(
                        "a HPACK integer without end",
                        H2Error.COMPRESSION_ERROR,
                        frame(1, 4, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("connectionErrors")
    void ends_the_connection_for(String what, H2Error error, List<byte[]> frames) {
        for (int step : new int[] {Integer.MAX_VALUE, 1}) {
            closed = null;
            RawPeer peer = peer(step).preface();
            frames.forEach(peer::write);
            peer.run();
            assertThat(peer.goneAway()).as(what).isEqualTo(error.code());
            assertThat(closed).isNotNull();
            assertThat(closed.clean()).isFalse();
            assertThat(server.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000"})
    void ends_the_connection_for_another_preface(String preface) {
        RawPeer peer = peer();
        peer.write(preface.getBytes(StandardCharsets.ISO_8859_1)).run();
        assertThat(peer.goneAway()).isEqualTo(H2Error.PROTOCOL_ERROR.code());
    }

    @Test
    void ends_the_connection_when_the_first_frame_is_not_settings() {
        for (byte[] first : List.of(connect(1), frame(6, 0, 0, new byte[8]), frame(99, 0, 0), frame(4, 1, 0))) {
            RawPeer peer = peer();
            peer.write(FrameWriter.PREFACE).write(first).run();
            assertThat(peer.goneAway()).isEqualTo(H2Error.PROTOCOL_ERROR.code());
        }
        assertThat(requests).isEmpty();
    }

    static Stream<Arguments> malformedRequests() {
        String[] good = {":method", "CONNECT", ":authority", "a.test:443"};
        return Stream.of(
                        new String[] {":authority", "a.test:443"},
                        new String[] {":method", "CONNECT"},
                        new String[] {":method", "CONNECT", ":authority", ""},
                        new String[] {":method", "CONNECT", ":method", "CONNECT", ":authority", "a.test:443"},
                        new String[] {":method", "CONNECT", ":authority", "a.test:443", ":authority", "b.test:443"},
                        new String[] {":method", "CONNECT", ":authority", "a.test:443", ":path", "/"},
                        new String[] {":method", "CONNECT", ":authority", "a.test:443", ":scheme", "https"},
                        new String[] {":method", "CONNECT", ":authority", "a.test:443", ":protocol", "websocket"},
                        new String[] {":method", "CONNECT", ":authority", "a.test:443", ":status", "200"},
                        new String[] {":method", "CONNECT", "x", "y", ":authority", "a.test:443"},
                        with(good, "X-Upper", "1"),
                        with(good, "", "1"),
                        with(good, "sp ace", "1"),
                        with(good, "x", "a\r\nb"),
                        with(good, "x", "a\u0000b"),
                        with(good, "x", " a"),
                        with(good, "x", "a\t"),
                        with(good, "connection", "close"),
                        with(good, "proxy-connection", "keep-alive"),
                        with(good, "transfer-encoding", "chunked"),
                        with(good, "upgrade", "h2c"),
                        with(good, "te", "gzip"),
                        with(good, "host", "b.test:443"),
                        with(good, "content-length", "5"))
                .map(list -> Arguments.of((Object) list));
    }

    private static String[] with(String[] good, String name, String value) {
        String[] all = Arrays.copyOf(good, good.length + 2);
        all[good.length] = name;
        all[good.length + 1] = value;
        return all;
    }

    @ParameterizedTest
    @MethodSource("malformedRequests")
    void resets_the_stream_of_a_malformed_request_and_no_other(String[] list) {
        RawPeer peer = peer().preface();
        peer.write(frame(Frame.HEADERS, Frame.END_HEADERS, 1, fields(list)))
                .write(connect(3))
                .run();
        assertThat(peer.reset(1)).isEqualTo(H2Error.PROTOCOL_ERROR.code());
        assertThat(refused).hasSize(1);
        assertThat(requests).hasSize(1);
        assertThat(server.streams()).isOne();
        assertThat(closed).isNull();
    }

    @Test
    void hands_an_ill_formed_authority_on_to_be_judged() {
        RawPeer peer = peer().preface();
        peer.write(frame(1, 4, 1, fields(":method", "CONNECT", ":authority", "a:b:c\u0000", "te", "trailers")))
                .run();
        assertThat(requests).isEmpty();
        peer.write(frame(1, 4, 3, fields(":method", "CONNECT", ":authority", "a:b:c", "user-agent", "x")))
                .run();
        assertThat(requests).hasSize(1);
        assertThat(requests.getFirst().authority()).isEqualTo("a:b:c");
        assertThat(requests.getFirst().headers()).containsExactly(new HeaderField("user-agent", "x"));
    }

    @Test
    void answers_405_to_another_method() {
        RawPeer peer = peer().preface();
        peer.write(frame(1, 5, 1, fields(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.test")))
                .run();
        RawPeer.Seen headers = peer.of(Frame.HEADERS).getFirst();
        assertThat(new HpackDecoder(16_384)
                        .decode(ByteBuffer.wrap(headers.payload()))
                        .fields())
                .contains(new HeaderField(":status", "405"));
        assertThat(peer.of(Frame.DATA).getLast().flags()).isEqualTo(Frame.END_STREAM);
        assertThat(refused).singleElement().asString().startsWith("405");
        assertThat(server.streams()).isZero();
    }

    @Test
    void answers_431_to_a_header_list_past_the_limit_and_keeps_the_table_in_step() {
        RawPeer peer = peer().preface();
        // 60 references to one entry of 4,000 octets: small on the wire, large when decoded.
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(fields(":method", "CONNECT", ":authority", "a.test:443"));
        block.write(0x40);
        byte[] rest = fields("x", "v".repeat(4000));
        block.write(rest, 1, rest.length - 1);
        for (int i = 0; i < 60; i++) {
            block.write(0x80 | 62);
        }
        peer.write(frame(1, 4, 1, block.toByteArray())).run();
        assertThat(refused).singleElement().asString().startsWith("431");
        assertThat(requests).isEmpty();

        byte[] next = fields(":method", "CONNECT", ":authority", "b.test:443");
        byte[] withIndex = Arrays.copyOf(next, next.length + 1);
        withIndex[next.length] = (byte) (0x80 | 62);
        peer.write(frame(1, 4, 3, withIndex)).run();
        assertThat(requests).hasSize(1);
        assertThat(requests.getFirst().headers().getFirst().value()).hasSize(4000);
    }

    @Test
    void takes_a_request_with_padding_priority_and_continuations() {
        byte[] block = fields(":method", "CONNECT", ":authority", "a.test:443");
        byte[] first = new byte[1 + 5 + 10 + 3];
        first[0] = 3;
        System.arraycopy(block, 0, first, 6, 10);
        RawPeer peer = peer(1).preface();
        peer.write(frame(1, 0x8 | 0x20, 1, first))
                .write(frame(9, 0, 1, Arrays.copyOfRange(block, 10, 20)))
                .write(frame(9, 4, 1, Arrays.copyOfRange(block, 20, block.length)))
                .write(frame(2, 0, 7, new byte[5]))
                .write(frame(200, 255, 9, new byte[30]))
                .run();
        assertThat(requests).hasSize(1);
        assertThat(requests.getFirst().authority()).isEqualTo("a.test:443");
        assertThat(closed).isNull();
    }

    @Test
    void takes_padded_data_and_gives_its_padding_back() {
        acceptAll = true;
        RawPeer peer = peer(3).preface();
        peer.write(connect(1));
        byte[] payload = new byte[1 + 2 + 200];
        payload[0] = (byte) 200;
        payload[1] = 'h';
        payload[2] = 'i';
        for (int i = 0; i < 2000; i++) {
            peer.write(frame(0, 8, 1, payload));
        }
        peer.write(frame(0, 8 | 1, 1, (byte) 0)).run();
        assertThat(closed).isNull();
        assertThat(peer.of(Frame.WINDOW_UPDATE)).anyMatch(f -> f.stream() == 1);
    }

    static Stream<Arguments> floods() {
        byte[] unit = frame(Frame.PING, 0, 0, new byte[8]);
        return Stream.of(
                Arguments.of("ping", unit),
                Arguments.of("settings", frame(Frame.SETTINGS, 0, 0)),
                Arguments.of("settings acks", frame(Frame.SETTINGS, 1, 0)),
                Arguments.of("empty data", frame(Frame.DATA, 0, 1)),
                Arguments.of("priority", frame(Frame.PRIORITY, 0, 1, new byte[5])),
                Arguments.of("unknown frames", frame(99, 0, 0)),
                Arguments.of("resets one by one", concat(connect(3), frame(3, 0, 3, number(8)))));
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void ends_the_connection_for_a_flood_of(String what, byte[] unit) {
        acceptAll = true;
        RawPeer peer = peer().preface();
        peer.write(connect(1)).run();
        for (int i = 0; i < 1100 && !server.isClosed(); i++) {
            if (what.startsWith("resets")) {
                int id = 3 + 2 * i;
                peer.write(connect(id)).write(frame(3, 0, id, number(8)));
            } else {
                peer.write(unit);
            }
            peer.run();
        }
        assertThat(peer.goneAway()).isEqualTo(H2Error.ENHANCE_YOUR_CALM.code());
        assertThat(closed).isNotNull();
    }

    @Test
    void ends_the_connection_for_rapid_resets_all_at_once() {
        RawPeer peer = peer().preface();
        ByteArrayOutputStream burst = new ByteArrayOutputStream();
        for (int i = 0; i < 5000; i++) {
            burst.writeBytes(connect(1 + 2 * i));
            burst.writeBytes(frame(3, 0, 1 + 2 * i, number(8)));
        }
        peer.write(burst.toByteArray()).run();
        assertThat(peer.goneAway()).isEqualTo(H2Error.ENHANCE_YOUR_CALM.code());
        assertThat(requests).hasSizeLessThanOrEqualTo(1001);
    }

    @Test
    void does_not_take_resets_of_used_tunnels_for_an_attack() {
        acceptAll = true;
        RawPeer peer = peer().preface();
        for (int i = 0; i < 3000; i++) {
            int id = 1 + 2 * i;
            peer.write(connect(id)).write(frame(0, 0, id, (byte) 22)).write(frame(3, 0, id, number(8)));
            peer.run();
        }
        assertThat(closed).isNull();
        assertThat(server.streams()).isZero();
    }

    @Test
    void ends_the_connection_for_a_flood_of_continuations() {
        RawPeer peer = peer().preface();
        peer.write(frame(1, 0, 1, NONE));
        for (int i = 0; i < 9; i++) {
            peer.write(frame(9, 0, 1, NONE));
        }
        peer.run();
        assertThat(peer.goneAway()).isEqualTo(H2Error.ENHANCE_YOUR_CALM.code());
    }

    @Test
    void ends_the_connection_for_a_header_block_past_the_limit() {
        RawPeer peer = peer().preface();
        peer.write(frame(1, 0, 1, new byte[16_000]))
                .write(frame(9, 0, 1, new byte[500]))
                .run();
        assertThat(peer.goneAway()).isEqualTo(H2Error.ENHANCE_YOUR_CALM.code());
    }

    @Test
    void ends_the_connection_of_a_peer_that_asks_much_and_reads_nothing() {
        RawPeer peer = peer().preface();
        peer.run();
        MemoryStream[] ends = MemoryStream.pair(tasks, 1000, Integer.MAX_VALUE);
        server = H2ServerConnection.start(
                ends[0],
                new H2Limits(
                        1000,
                        16_384,
                        65_535,
                        65_535,
                        65_535,
                        1_000_000,
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        Duration.ofSeconds(5)),
                new Quiet(),
                tasks,
                new H2Buffers());
        ends[1].handler(new Quiet());
        ByteBuffer flood = ByteBuffer.allocate(40 * 20_000);
        flood.put(FrameWriter.PREFACE).put(frame(4, 0, 0));
        while (flood.remaining() > 40) {
            flood.put(frame(6, 0, 0, new byte[8]));
        }
        flood.flip();
        while (flood.hasRemaining() && !server.isClosed()) {
            ends[1].write(flood);
            tasks.run();
        }
        assertThat(server.isClosed()).isTrue();
    }

    private static final class Quiet implements H2ServerHandler, dev.exeat.net.ByteStream.Handler {
        @Override
        public void connect(H2ConnectRequest request) {}

        @Override
        public void refused(int status, String detail) {}

        @Override
        public void closed(H2Closed how) {}

        @Override
        public void readable(dev.exeat.net.ByteStream stream) {}

        @Override
        public void writable(dev.exeat.net.ByteStream stream) {}
    }

    @Test
    void resets_a_stream_that_is_sent_more_than_its_window() {
        RawPeer peer = peer().preface();
        peer.write(connect(1)).write(connect(3));
        for (int i = 0; i < 17; i++) {
            peer.write(frame(0, 0, 1, new byte[16_384]));
        }
        peer.run();
        assertThat(peer.reset(1)).isEqualTo(H2Error.FLOW_CONTROL_ERROR.code());
        assertThat(requests.get(0).isCancelled()).isTrue();
        assertThat(requests.get(1).isCancelled()).isFalse();
    }

    @Test
    void ends_the_connection_that_is_sent_more_than_its_window() {
        limits = new H2Limits(
                1000,
                16_384,
                65_535,
                100_000,
                100_000,
                1000,
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofSeconds(5));
        RawPeer peer = peer().preface();
        peer.write(connect(1)).write(connect(3)).run();
        for (int i = 0; i < 3; i++) {
            peer.write(frame(0, 0, 1, new byte[16_384])).write(frame(0, 0, 3, new byte[16_384]));
        }
        peer.run();
        assertThat(peer.goneAway()).as("98,304 octets fit").isEqualTo(-1);
        peer.write(frame(0, 0, 3, new byte[16_000])).run();
        assertThat(peer.goneAway()).isEqualTo(H2Error.FLOW_CONTROL_ERROR.code());
    }

    @Test
    void resets_streams_for_what_may_not_come_on_them() {
        acceptAll = true;
        RawPeer peer = peer().preface();
        peer.write(connect(1)).write(frame(0, 1, 1, (byte) 1)).write(frame(0, 0, 1, (byte) 2));
        peer.write(connect(3)).write(connect(3));
        peer.write(connect(5)).write(frame(8, 0, 5, number(0)));
        peer.write(connect(7)).write(frame(8, 0, 7, number(0x7fff_ffff)));
        peer.run();
        assertThat(peer.reset(1)).isEqualTo(H2Error.STREAM_CLOSED.code());
        assertThat(peer.reset(3)).isEqualTo(H2Error.PROTOCOL_ERROR.code());
        assertThat(peer.reset(5)).isEqualTo(H2Error.PROTOCOL_ERROR.code());
        assertThat(peer.reset(7)).isEqualTo(H2Error.FLOW_CONTROL_ERROR.code());
        assertThat(closed).isNull();
    }

    @Test
    void passes_over_what_was_under_way_when_it_reset_a_stream() {
        RawPeer peer = peer().preface();
        peer.write(connect(1)).run();
        requests.getFirst().accept().reset();
        peer.write(frame(0, 0, 1, new byte[1000]))
                .write(frame(8, 0, 1, number(10)))
                .write(frame(1, 5, 1, fields("x", "y")))
                .write(frame(3, 0, 1, number(8)))
                .run();
        assertThat(peer.of(Frame.RST_STREAM)).hasSize(1);
        assertThat(closed).isNull();
    }

    @Test
    void refuses_streams_past_the_limit_without_asking_anybody() {
        RawPeer peer = peer().preface();
        for (int i = 0; i < 1010; i++) {
            peer.write(connect(1 + 2 * i));
        }
        peer.run();
        assertThat(requests).hasSize(1000);
        assertThat(peer.reset(1 + 2 * 1005)).isEqualTo(H2Error.REFUSED_STREAM.code());
        assertThat(closed).isNull();
    }

    @Test
    void obeys_a_window_that_the_peer_shrinks_below_zero() {
        RawPeer peer = peer();
        peer.write(FrameWriter.PREFACE)
                .write(frame(4, 0, 0, new byte[] {0, 4, 0, 0, 0, 100}))
                .write(connect(1))
                .run();
        Flow flow = new Flow(requests.getFirst().accept());
        flow.send(new byte[1000], false);
        peer.run();
        assertThat(flow.unsent()).isEqualTo(900);
        peer.write(frame(4, 0, 0, new byte[] {0, 4, 0, 0, 0, 10})).run();
        peer.write(frame(8, 0, 1, number(90))).run();
        assertThat(flow.unsent()).isEqualTo(900);
        peer.write(frame(8, 0, 1, number(50))).run();
        assertThat(flow.unsent()).isEqualTo(850);
        peer.write(frame(4, 0, 0, new byte[] {0, 4, 0, 1, 0, 0})).run();
        assertThat(flow.unsent()).isZero();
    }

    @Test
    void answers_pings_and_settings() {
        RawPeer peer = peer().preface();
        peer.write(frame(6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8)).run();
        assertThat(peer.of(Frame.PING).getFirst().payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(peer.of(Frame.PING).getFirst().flags()).isOne();
        assertThat(peer.of(Frame.SETTINGS)).anyMatch(f -> f.flags() == 1);
    }

    private static byte[] frame(int type, int flags, int id, int... octets) {
        byte[] payload = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            payload[i] = (byte) octets[i];
        }
        return RawPeer.frame(type, flags, id, payload);
    }

    private static byte[] frame(int type, int flags, int id, byte... payload) {
        return RawPeer.frame(type, flags, id, payload);
    }

    @Test
    void survives_any_octets_behind_the_preface() {
        acceptAll = true;
        Random random = new Random(42);
        for (int round = 0; round < 3000; round++) {
            RawPeer peer = peer(1 + random.nextInt(50)).preface();
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            peer.write(noise).run();
            peer.stream.reset();
            peer.run();
            assertThat(server.isClosed()).isTrue();
        }
    }

    @Test
    void survives_any_sequence_of_frames_with_damage() {
        acceptAll = true;
        Random random = new Random(43);
        for (int round = 0; round < 3000; round++) {
            RawPeer peer = peer().preface();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 30; i++) {
                int id = random.nextInt(12);
                byte[] payload = new byte[random.nextInt(30)];
                random.nextBytes(payload);
                byte[] next = switch (random.nextInt(6)) {
                    case 0 -> connect(id | 1);
                    case 1 -> RawPeer.frame(0, random.nextInt(16), id, payload);
                    case 2 -> RawPeer.frame(8, 0, id, number(random.nextInt(100_000)));
                    case 3 -> RawPeer.frame(3, 0, id, number(8));
                    case 4 -> RawPeer.frame(6, random.nextInt(2), 0, new byte[8]);
                    default -> RawPeer.frame(random.nextInt(12), random.nextInt(64), id, payload);
                };
                if (random.nextInt(10) == 0 && next.length > 0) {
                    next[random.nextInt(next.length)] ^= (byte) (1 << random.nextInt(8));
                }
                all.writeBytes(next);
            }
            peer.write(all.toByteArray()).run();
            peer.stream.reset();
            peer.run();
            assertThat(server.isClosed()).isTrue();
            assertThat(server.streams()).isZero();
        }
    }
}
