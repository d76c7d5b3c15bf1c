package dev.exeat.proxy.h2;

import static dev.exeat.proxy.h2.RawPeer.connect;
import static dev.exeat.proxy.h2.RawPeer.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client may do too much of: each kind has its own limit, its own name, and ends the connection alone. */
class H2AbuseTest {
    private static final int LIMIT = 20;

    private final FakeTasks tasks = new FakeTasks();
    private final List<Flow> tunnels = new ArrayList<>();
    private int overLimit;
    private @Nullable H2Closed closed;

    private RawPeer peer(H2Limits limits) {
        MemoryStream[] ends = MemoryStream.pair(tasks, 1 << 20, Integer.MAX_VALUE);
        H2ServerConnection.start(
                ends[0],
                limits,
                new H2ServerHandler() {
                    @Override
                    public void connect(H2ConnectRequest request) {
                        tunnels.add(new Flow(request.accept()));
                    }

                    @Override
                    public void refused(int status, String detail) {}

                    @Override
                    public void overLimit() {
                        overLimit++;
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

    private static H2Limits only(Abuse kind, int count) {
        return H2Limits.of(1000, 16_384, AbuseLimits.each(100_000).with(kind, count));
    }

    private void sendOne(RawPeer peer, Abuse kind, int nth) {
        int id = 3 + 2 * nth;
        switch (kind) {
            case RESET -> peer.write(connect(id)).write(RawPeer.frame(Frame.RST_STREAM, 0, id, number(8)));
            case PING -> peer.write(RawPeer.frame(Frame.PING, 0, 0, new byte[8]));
            case SETTINGS -> peer.write(RawPeer.frame(Frame.SETTINGS, 0, 0));
            case EMPTY -> peer.write(RawPeer.frame(Frame.DATA, 0, 1));
            case MALFORMED ->
                peer.write(RawPeer.frame(Frame.HEADERS, 4, id, RawPeer.fields(":method", "GET", ":path", "/")));
            case STRAY -> peer.write(RawPeer.frame(Frame.DATA, 0, 1, (byte) 1));
            case WINDOW -> peer.write(RawPeer.frame(Frame.WINDOW_UPDATE, 0, 0, number(1)));
            case OTHER -> peer.write(RawPeer.frame(Frame.PRIORITY, 0, 1, new byte[5]));
            default -> throw new IllegalArgumentException(kind + " has no limit");
        }
        peer.run();
    }

    @ParameterizedTest
    @EnumSource(
            value = Abuse.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HEADERS", "BACKLOG"})
    void each_kind_ends_the_connection_at_its_own_limit(Abuse kind) {
        RawPeer peer = peer(only(kind, LIMIT)).preface();
        peer.write(connect(1)).run();
        if (kind == Abuse.STRAY) {
            // Both ends have ended, so that the stream is gone, but was not reset.
            tunnels.getFirst().send(new byte[0], true);
            peer.write(RawPeer.frame(Frame.DATA, Frame.END_STREAM, 1)).run();
        }
        int sent = 0;
        while (closed == null && sent < 10 * LIMIT) {
            sendOne(peer, kind, sent++);
        }

        assertThat(sent).isBetween(LIMIT - 1, 7 * LIMIT);
        assertThat(closed).isNotNull();
        assertThat(closed.abuse()).isEqualTo(kind);
        assertThat(peer.goneAway()).isEqualTo(H2Error.ENHANCE_YOUR_CALM.code());
    }

    @Test
    void a_window_that_lets_through_an_octet_at_a_time_is_abuse() {
        RawPeer peer = peer(only(Abuse.WINDOW, LIMIT));
        peer.write(FrameWriter.PREFACE)
                .write(RawPeer.frame(Frame.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 1}))
                .write(connect(1))
                .run();
        tunnels.getFirst().send(new byte[10_000], false);
        for (int i = 0; i < 10 * LIMIT && closed == null; i++) {
            peer.write(RawPeer.frame(Frame.WINDOW_UPDATE, 0, 1, number(1))).run();
        }

        assertThat(closed).isNotNull();
        assertThat(closed.abuse()).isEqualTo(Abuse.WINDOW);
        assertThat(peer.of(Frame.DATA)).hasSizeLessThan(2 * LIMIT);
    }

    @Test
    void windows_that_follow_what_was_sent_are_no_abuse_however_small_the_pieces() {
        RawPeer peer = peer(only(Abuse.WINDOW, LIMIT)).preface();
        peer.write(connect(1)).run();
        for (int i = 0; i < 2_000; i++) {
            tunnels.getFirst().send(new byte[50], false);
            peer.run();
            peer.write(RawPeer.frame(Frame.WINDOW_UPDATE, 0, 0, number(50)))
                    .write(RawPeer.frame(Frame.WINDOW_UPDATE, 0, 1, number(50)))
                    .run();
        }

        assertThat(closed).isNull();
    }

    @Test
    void a_header_bomb_is_abuse_at_once() {
        RawPeer peer = peer(H2Limits.of(1000, 1024, AbuseLimits.each(1000))).preface();
        peer.write(RawPeer.frame(Frame.HEADERS, 0, 1, new byte[1000]))
                .write(RawPeer.frame(Frame.CONTINUATION, 0, 1, new byte[100]))
                .run();

        assertThat(closed).isNotNull();
        assertThat(closed.abuse()).isEqualTo(Abuse.HEADERS);
        assertThat(peer.goneAway()).isEqualTo(H2Error.ENHANCE_YOUR_CALM.code());
    }

    @Test
    void a_broken_protocol_is_no_abuse() {
        RawPeer peer = peer(H2Limits.defaults()).preface();
        peer.write(RawPeer.frame(Frame.DATA, 0, 0, (byte) 1)).run();

        assertThat(closed).isNotNull();
        assertThat(closed.abuse()).isNull();
    }

    @Test
    void tells_of_each_request_past_the_limit_of_tunnels() {
        RawPeer peer = peer(H2Limits.defaults().withConcurrentStreams(2)).preface();
        for (int i = 0; i < 5; i++) {
            peer.write(connect(1 + 2 * i));
        }
        peer.run();

        assertThat(tunnels).hasSize(2);
        assertThat(overLimit).isEqualTo(3);
        assertThat(peer.reset(9)).isEqualTo(H2Error.REFUSED_STREAM.code());
        assertThat(closed).isNull();
    }

    @Test
    void there_is_no_kind_without_a_limit() {
        AbuseLimits limits = AbuseLimits.each(1);

        assertThatThrownBy(() -> limits.with(Abuse.PING, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
