package dev.exeat.proxy.h2;

import static dev.exeat.proxy.h2.RawPeer.connect;
import static dev.exeat.proxy.h2.RawPeer.frame;
import static dev.exeat.proxy.h2.RawPeer.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request that is refused: its status and its body come whole, and nothing of it stays. */
class H2RefusalTest {
    private static final byte[] BODY = "{\"reason\":\"policy_denied\"}".getBytes(StandardCharsets.US_ASCII);

    @Test
    void gives_the_body_of_a_refusal() {
        Duo duo = new Duo();
        Duo.Opened opened = duo.open("de.example.com:443");
        duo.run();
        duo.requests.getFirst().refuse(403, BODY);
        duo.run();

        assertThat(opened.status).isEqualTo(403);
        assertThat(opened.body).isEqualTo("{\"reason\":\"policy_denied\"}");
        assertThat(opened.calls).isOne();
        assertThat(duo.client.streams()).isZero();
        assertThat(duo.server.streams()).isZero();
        assertThat(duo.client.isClosed()).isFalse();
    }

    @Test
    void cuts_the_body_of_a_refusal_at_its_bound() {
        Duo duo = new Duo();
        Duo.Opened opened = duo.open("de.example.com:443");
        duo.run();
        duo.requests.getFirst().refuse(403, new byte[20_000]);
        duo.run();

        assertThat(opened.status).isEqualTo(403);
        assertThat(opened.body).hasSize(4096);
        duo.tasks.advance(Duration.ofSeconds(3));
        assertThat(duo.client.streams()).isZero();
        assertThat(duo.server.streams()).isZero();
    }

    @Test
    void answers_a_request_only_once() {
        Duo duo = new Duo();
        duo.open("de.example.com:443");
        duo.run();
        duo.requests.getFirst().accept();
        assertThatThrownBy(() -> duo.requests.getFirst().refuse(403, BODY)).isInstanceOf(IllegalStateException.class);
    }

    private static ServerRig refusing() {
        return new ServerRig(
                H2Limits.defaults().withConcurrentStreams(2), Integer.MAX_VALUE, request -> request.refuse(403, BODY));
    }

    /** Types and flags of the frames of a stream, and the code of a reset. */
    private static List<String> answer(RawPeer peer, int id) {
        return peer.seen.stream()
                .filter(frame -> frame.stream() == id)
                .map(frame -> switch (frame.type()) {
                    case Frame.HEADERS -> "HEADERS";
                    case Frame.DATA -> (frame.flags() & Frame.END_STREAM) != 0 ? "END" : "DATA";
                    case Frame.RST_STREAM -> "RST " + frame.number(0);
                    default -> "frame " + frame.type();
                })
                .toList();
    }

    @Test
    void a_refused_request_gives_its_place_back_though_its_client_does_not_end_its_side() {
        ServerRig rig = refusing();
        rig.peer.preface();
        for (int id = 1; id < 20; id += 2) {
            rig.peer.write(connect(id)).run();

            assertThat(answer(rig.peer, id)).as("stream " + id).containsExactly("HEADERS", "DATA", "END", "RST 0");
        }

        assertThat(rig.server.streams()).isZero();
        assertThat(rig.overLimit).isZero();
    }

    @Test
    void where_the_client_has_ended_its_side_there_is_nothing_to_reset() {
        ServerRig rig = refusing();
        byte[] ended = connect(1);
        ended[4] |= Frame.END_STREAM;
        rig.peer.preface().write(ended).run();

        assertThat(answer(rig.peer, 1)).containsExactly("HEADERS", "DATA", "END");
        assertThat(rig.server.streams()).isZero();
    }

    @Test
    void a_body_that_the_clients_window_holds_up_is_whole_before_the_reset() {
        ServerRig rig = refusing();
        rig.peer
                .write(FrameWriter.PREFACE)
                .write(frame(Frame.SETTINGS, 0, 0, new byte[] {0, Frame.SETTINGS_INITIAL_WINDOW_SIZE, 0, 0, 0, 10}))
                .write(connect(1))
                .run();
        assertThat(answer(rig.peer, 1)).containsExactly("HEADERS", "DATA");

        rig.peer.write(frame(Frame.WINDOW_UPDATE, 0, 1, number(1000))).run();

        assertThat(answer(rig.peer, 1)).containsExactly("HEADERS", "DATA", "DATA", "END", "RST 0");
        assertThat(rig.peer.of(Frame.DATA).stream().mapToInt(data -> data.payload().length))
                .containsExactly(10, BODY.length - 10, 0);
    }

    @Test
    void what_a_client_sent_before_it_knew_of_the_reset_is_no_fault() {
        ServerRig rig = refusing();
        rig.peer.preface();
        for (int id = 1; id < 5_000; id += 2) {
            rig.peer
                    .write(connect(id))
                    .run()
                    .write(frame(Frame.DATA, Frame.END_STREAM, id))
                    .run();
        }

        assertThat(rig.closed).isNull();
        assertThat(rig.peer.of(Frame.RST_STREAM)).hasSize(2_500);
    }

    @Test
    void thousands_of_refusals_are_no_flood_to_the_client() {
        Duo duo = new Duo();
        for (int i = 0; i < 5_000; i++) {
            Duo.Opened opened = duo.open("de.example.com:443");
            duo.run();
            duo.requests.getLast().refuse(403, BODY);
            duo.run();
            assertThat(opened.body).hasSize(BODY.length);
        }

        assertThat(duo.clientClosed).isNull();
        assertThat(duo.serverClosed).isNull();
    }
}
