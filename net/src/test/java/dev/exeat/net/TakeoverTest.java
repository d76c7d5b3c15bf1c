package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakeoverTest {
    @TempDir
    private Path directory;

    private final List<String> steps = new CopyOnWriteArrayList<>();

    /** A process that accepts, and notes what is asked of it. */
    private final class Old implements HandoverOffer.Giver, AutoCloseable {
        final EventLoops loops = EventLoops.start(new LoopOptions(2, "old"));
        final Listener listener =
                loops.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), accepting("old"));
        final HandoverOffer offer = HandoverOffer.open(directory.resolve("take.sock"), this);

        @Override
        public Map<String, Listener> suspend() {
            steps.add("suspend");
            return Map.of("tunnel", listener);
        }

        @Override
        public void resume() {
            steps.add("resume");
        }

        @Override
        public void release() {
            listener.close();
            steps.add("release");
        }

        @Override
        public void close() {
            offer.close();
            listener.close();
            loops.close();
        }
    }

    private AcceptHandler accepting(String who) {
        return stream -> {
            steps.add(who + " accepted");
            stream.reset();
        };
    }

    private static void connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void the_next_process_accepts_on_the_same_port_and_no_connect_fails() throws Exception {
        try (Old old = new Old();
                EventLoops loops = EventLoops.start(new LoopOptions(1, "new"))) {
            InetSocketAddress address = old.listener.address();
            connect(address);
            Awaitility.await().until(() -> steps.contains("old accepted"));
            Listener next;
            try (Takeover takeover = Takeover.from(directory.resolve("take.sock"))) {
                connect(address);
                InheritedPort port = takeover.port("tunnel");
                assertThat(port).isNotNull();
                next = loops.listen(port, accepting("new"));
                assertThat(takeover.port("plain")).isNull();
                takeover.serving();
            }
            assertThat(steps).contains("suspend", "release").doesNotContain("resume");
            assertThat(next.address()).isEqualTo(address);
            steps.clear();
            for (int i = 0; i < 100; i++) {
                connect(address);
            }
            Awaitility.await()
                    .until(() -> steps.stream().filter("new accepted"::equals).count() == 100);
            next.close();
        }
    }

    @Test
    void a_process_that_ends_before_it_serves_leaves_the_old_one_as_it_was() throws Exception {
        try (Old old = new Old()) {
            Takeover.from(directory.resolve("take.sock")).close();

            Awaitility.await().until(() -> steps.contains("resume"));
            connect(old.listener.address());
            Awaitility.await().until(() -> steps.contains("old accepted"));
            try (Takeover second = Takeover.from(directory.resolve("take.sock"))) {
                second.serving();
            }
            assertThat(steps).endsWith("suspend", "release");
        }
    }

    @Test
    void the_socket_is_its_owners_alone_and_goes_with_the_offer() throws Exception {
        Path path = directory.resolve("take.sock");
        try (Old _ = new Old()) {
            assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void where_nobody_offers_it_says_so() {
        assertThatThrownBy(() -> Takeover.from(directory.resolve("none.sock")))
                .isInstanceOf(HandoverException.class)
                .hasMessageContaining("no process hands over at")
                .hasMessageContaining("none.sock");
        assertThatThrownBy(() -> Takeover.from(directory.resolve("x".repeat(200))))
                .isInstanceOf(HandoverException.class)
                .hasMessageContaining("too long");
    }
}
