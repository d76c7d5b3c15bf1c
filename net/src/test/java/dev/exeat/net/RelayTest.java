package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RelayTest {

    enum Way {
        SPLICE,
        COPY;

        ByteStream veil(ByteStream tcp) {
            return this == COPY ? new Veiled((TcpStream) tcp) : tcp;
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Case("S13")
    void carries_100_MB_down_while_it_carries_10_up_with_equal_digests(Way way) throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.plain(), way::veil, (relay, end) -> {})) {
            CompletableFuture<String> atClient = RelayRig.digestLater(rig.client.getInputStream());
            CompletableFuture<String> atUpstream = RelayRig.digestLater(rig.upstream.getInputStream());
            CompletableFuture<String> up = RelayRig.async(() -> send(rig.client, 10_000_000, 1));
            String down = send(rig.upstream, 100_000_000, 2);
            Relay relay = rig.relay();

            assertThat(atClient.get()).isEqualTo(down);
            assertThat(atUpstream.get()).isEqualTo(up.get());
            assertThat(rig.end()).isEqualTo(RelayEnd.CLEAN);
            assertThat(relay.bytesFromUpstream()).isEqualTo(100_000_000);
            assertThat(relay.bytesFromClient()).isEqualTo(10_000_000);
        }
    }

    private static String send(Socket to, long total, int seed) {
        try {
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            Random random = new Random(seed);
            byte[] chunk = new byte[300_000];
            random.nextBytes(chunk);
            for (long left = total; left > 0; ) {
                int length = (int) Math.min(1 + random.nextInt(chunk.length), left);
                to.getOutputStream().write(chunk, 0, length);
                sent.update(chunk, 0, length);
                left -= length;
            }
            to.shutdownOutput();
            return HexFormat.of().formatHex(sent.digest());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void splices_a_flow_only_while_it_is_large_and_blocked() throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.plain())) {
            Relay relay = rig.relay();
            byte[] message = "small".getBytes(US_ASCII);
            rig.client.getOutputStream().write(message);
            assertThat(rig.upstream.getInputStream().readNBytes(message.length)).isEqualTo(message);
            assertThat(isSpliced(rig, relay)).isFalse();

            // Nobody reads at the upstream, so that the pipe stays full.
            Thread writer = Thread.ofVirtual().start(() -> send(rig.client, 40_000_000, 3));
            await().atMost(Duration.ofSeconds(10)).until(() -> isSpliced(rig, relay));
            String received = RelayRig.digest(rig.upstream.getInputStream());
            writer.join();

            assertThat(received).hasSize(64);
            await().atMost(Duration.ofSeconds(5)).until(() -> !isSpliced(rig, relay));
        }
    }

    private static boolean isSpliced(RelayRig rig, Relay relay) throws Exception {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        ByteStream client = rig.clientStream.get(5, TimeUnit.SECONDS);
        rig.loop.execute(() -> answer.complete(relay.isSpliced(client)));
        return answer.get(5, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void an_upstream_that_ends_first_can_still_be_sent_to(Way way) throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.plain(), way::veil, (relay, end) -> {})) {
            rig.upstream.getOutputStream().write("bye".getBytes(US_ASCII));
            rig.upstream.shutdownOutput();
            assertThat(rig.client.getInputStream().readAllBytes()).asString().isEqualTo("bye");

            rig.client.getOutputStream().write("and thanks".getBytes(US_ASCII));
            rig.client.shutdownOutput();
            assertThat(rig.upstream.getInputStream().readAllBytes()).asString().isEqualTo("and thanks");
            assertThat(rig.end()).isEqualTo(RelayEnd.CLEAN);
        }
    }

    @Test
    void a_side_that_still_keeps_bytes_is_not_ended() throws Exception {
        AtomicBoolean flushed = new AtomicBoolean();
        AtomicReference<ByteStream> slow = new AtomicReference<>();
        UnaryOperator<ByteStream> veil =
                tcp -> slow.compareAndSet(null, new Veiled((TcpStream) tcp, flushed::get)) ? slow.get() : tcp;
        try (RelayRig rig = new RelayRig(RelayRig.plain(), veil, (relay, end) -> {})) {
            Relay relay = rig.relay();
            rig.client.shutdownOutput();
            rig.upstream.shutdownOutput();

            assertThat(rig.client.getInputStream().read()).isEqualTo(-1);
            assertThat(rig.upstream.getInputStream().read()).isEqualTo(-1);
            assertThat(rig.ends).isEmpty();
            flushed.set(true);
            rig.loop.execute(() -> relay.writable(slow.get()));
            assertThat(rig.end()).isEqualTo(RelayEnd.CLEAN);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_reset_after_the_half_close_is_noticed_while_nothing_is_sent(Way way) throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.plain(), way::veil, (relay, end) -> {})) {
            rig.client.shutdownOutput();
            assertThat(rig.upstream.getInputStream().read()).isEqualTo(-1);
            if (way == Way.COPY) {
                // Only what knows TCP can see it: here the next byte does.
                rig.client.setSoLinger(true, 0);
                rig.client.close();
                rig.upstream.getOutputStream().write(new byte[1000]);
            } else {
                rig.client.setSoLinger(true, 0);
                rig.client.close();
            }

            assertThat(rig.end()).isEqualTo(RelayEnd.CLIENT_RESET);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> rig.upstream
                            .getInputStream()
                            .readAllBytes()
                            .toString()
                            .concat(String.valueOf(writeUntilBroken(rig.upstream))));
        }
    }

    private static int writeUntilBroken(Socket socket) throws IOException {
        for (int i = 0; i < 1_000_000; i++) {
            socket.getOutputStream().write(new byte[1000]);
        }
        return 0;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Case({"R05", "S16"})
    void an_upstream_reset_in_a_large_flow_resets_the_client(Way way) throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.plain(), way::veil, (relay, end) -> {})) {
            rig.client.getOutputStream().write(1);
            rig.upstream.getInputStream().read();
            rig.upstream.setSoLinger(true, 0);
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    writeUntilBroken(rig.client);
                } catch (IOException e) {
                    // That is the reset.
                }
            });
            rig.upstream.getInputStream().readNBytes(1_000_000);
            rig.upstream.close();

            assertThat(rig.end()).isEqualTo(RelayEnd.UPSTREAM_RESET);
            assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void the_total_time_ends_a_busy_relay() throws Exception {
        RelayOptions options = new RelayOptions(RelayRig.LONG, Duration.ofMillis(300), null, null, new byte[0]);
        try (RelayRig rig = new RelayRig(options)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    writeUntilBroken(rig.client);
                } catch (IOException e) {
                    // That is the end.
                }
            });
            try {
                rig.upstream.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("reset");
            }

            assertThat(rig.end()).isEqualTo(RelayEnd.TOO_LONG);
            assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void a_cut_relay_is_an_error_on_both_sides_and_ends_once() throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.plain())) {
            Relay relay = rig.relay();
            rig.loop.execute(relay::cut);
            rig.loop.execute(relay::cut);

            assertThat(rig.end()).isEqualTo(RelayEnd.CUT);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> rig.client.getInputStream().read());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> rig.upstream.getInputStream().read());
            assertThat(rig.ends).isEmpty();
            await().atMost(Duration.ofSeconds(5)).until(() -> rig.loop.watched() == 1);
        }
    }

    /** Admits so many bytes at each look, and opens when it has seen a full stop. */
    private static final class TestGate implements Gate {
        final List<String> looks = Collections.synchronizedList(new ArrayList<>());
        private boolean open;

        @Override
        public int admit(ByteBuffer held) {
            String text = US_ASCII.decode(held.duplicate()).toString();
            looks.add(text.length() > 20 ? text.length() + " octets" : text);
            if (text.contains("!")) {
                return REFUSE;
            }
            int stop = text.indexOf('.');
            open = stop >= 0;
            return open ? text.length() : text.contains(",") ? text.indexOf(',') + 1 : 0;
        }

        @Override
        public boolean open() {
            return open;
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_gate_sees_everything_that_has_not_passed_until_it_opens(Way way) throws Exception {
        TestGate gate = new TestGate();
        RelayOptions options = new RelayOptions(RelayRig.LONG, RelayRig.LONG, gate, null, "on".getBytes(US_ASCII));
        try (RelayRig rig = new RelayRig(options, way::veil, (relay, end) -> {})) {
            await().atMost(Duration.ofSeconds(5)).until(() -> gate.looks.contains("on"));
            rig.client.getOutputStream().write("e,tw".getBytes(US_ASCII));
            assertThat(rig.upstream.getInputStream().readNBytes(4)).asString().isEqualTo("one,");
            assertThat(rig.upstream.getInputStream().available()).isZero();
            rig.client.getOutputStream().write("o.".getBytes(US_ASCII));
            assertThat(rig.upstream.getInputStream().readNBytes(4)).asString().isEqualTo("two.");
            rig.client.getOutputStream().write("free!".getBytes(US_ASCII));
            assertThat(rig.upstream.getInputStream().readNBytes(5)).asString().isEqualTo("free!");

            assertThat(gate.looks).containsExactly("on", "one,tw", "tw", "two.");
        }
    }

    @Test
    void a_gate_that_refuses_sends_nothing_on_and_leaves_the_client_for_a_last_word() throws Exception {
        CompletableFuture<ByteStream> client = new CompletableFuture<>();
        try (RelayRig rig = new RelayRig(RelayRig.gated(new TestGate(), null), tcp -> tcp, (relay, end) -> {
            ByteStream stream = client.join();
            stream.write(ByteBuffer.wrap("alert".getBytes(US_ASCII)));
            stream.end();
        })) {
            client.complete(rig.clientStream.get(5, TimeUnit.SECONDS));
            rig.client.getOutputStream().write("no!".getBytes(US_ASCII));

            assertThat(rig.end()).isEqualTo(RelayEnd.GATE);
            assertThat(rig.client.getInputStream().readAllBytes()).asString().isEqualTo("alert");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> rig.upstream.getInputStream().read());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128 * 1024, 128 * 1024 + 1, 1_000_000})
    void a_gate_that_never_opens_holds_so_much_and_no_more(int sent) throws Exception {
        TestGate gate = new TestGate();
        try (RelayRig rig = new RelayRig(RelayRig.gated(gate, null), tcp -> tcp, (relay, end) -> {})) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    rig.client.getOutputStream().write(new byte[sent]);
                } catch (IOException e) {
                    // Not all of it is wanted.
                }
            });

            assertThat(rig.end()).isEqualTo(RelayEnd.GATE);
            assertThat(gate.looks.getLast()).isEqualTo(128 * 1024 + " octets");
            rig.loop.execute(() -> rig.clientStream.join().reset());
            assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void a_source_that_ends_behind_a_closed_gate_is_refused() throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.gated(new TestGate(), null))) {
            rig.client.getOutputStream().write("half".getBytes(US_ASCII));
            rig.client.shutdownOutput();

            assertThat(rig.end()).isEqualTo(RelayEnd.GATE);
        }
    }

    /** Opens when the other one is told to: as the watcher of a second hello does. */
    private static final class RemoteGate implements Gate {
        volatile boolean open;

        @Override
        public int admit(ByteBuffer held) {
            return 0;
        }

        @Override
        public boolean open() {
            return open;
        }
    }

    @Test
    void a_gate_that_the_other_direction_opens_lets_pass_what_it_held() throws Exception {
        RemoteGate held = new RemoteGate();
        Gate opener = new Gate() {
            private boolean done;

            @Override
            public int admit(ByteBuffer bytes) {
                done = true;
                held.open = true;
                return bytes.remaining();
            }

            @Override
            public boolean open() {
                return done;
            }
        };
        try (RelayRig rig = new RelayRig(RelayRig.gated(held, opener))) {
            rig.client.getOutputStream().write("held".getBytes(US_ASCII));
            rig.upstream.getOutputStream().write("open".getBytes(US_ASCII));

            assertThat(rig.upstream.getInputStream().readNBytes(4)).asString().isEqualTo("held");
            assertThat(rig.client.getInputStream().readNBytes(4)).asString().isEqualTo("open");
        }
    }

    @Test
    void a_gate_that_fails_ends_the_relay_and_not_the_loop() throws Exception {
        Gate broken = new Gate() {
            @Override
            public int admit(ByteBuffer held) {
                throw new IllegalStateException("a fault of a gate");
            }

            @Override
            public boolean open() {
                return false;
            }
        };
        try (RelayRig rig = new RelayRig(RelayRig.gated(broken, null))) {
            rig.client.getOutputStream().write(1);

            assertThat(rig.end()).isIn(RelayEnd.CUT, RelayEnd.CLIENT_RESET);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> rig.upstream.getInputStream().read());
            CountDownLatch alive = new CountDownLatch(1);
            rig.loop.execute(alive::countDown);
            assertThat(alive.await(5, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(5)).until(() -> rig.loop.watched() == 1);
        }
    }

    @Test
    void without_a_pipe_it_copies() throws Exception {
        try (RelayRig rig = new RelayRig(RelayRig.plain())) {
            CountDownLatch taken = new CountDownLatch(1);
            rig.loop.execute(() -> {
                while (rig.loop.pipes().take() != null) {
                    // All of them are taken for good.
                }
                taken.countDown();
            });
            assertThat(taken.await(5, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<String> received = RelayRig.digestLater(rig.upstream.getInputStream());

            assertThat(send(rig.client, 20_000_000, 5)).isEqualTo(received.get());
            assertThat(isSpliced(rig, rig.relay())).isFalse();
        }
    }
}
