package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpStreamTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LONG = Duration.ofMinutes(1);

    private EventLoops loops;

    @BeforeEach
    void start() {
        loops = EventLoops.start(new LoopOptions(2, "test"));
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    /** Relays each accepted connection to a server, and completes with the end. */
    private Listener relayTo(InetSocketAddress server, RelayOptions options, CompletableFuture<RelayEnd> ended) {
        return loops.listen(
                ANY,
                client -> client.loop().connect(server, new ConnectHandler() {
                    @Override
                    public void connected(TcpStream upstream) {
                        Relay.start(client, upstream, options, (relay, end) -> ended.complete(end));
                    }

                    @Override
                    public void failed(IOException e) {
                        client.reset();
                    }
                }));
    }

    private static RelayOptions plain() {
        return new RelayOptions(LONG, LONG, null, null, new byte[0]);
    }

    @Test
    void relays_100_MB_with_equal_digest_and_half_close() throws Exception {
        CompletableFuture<RelayEnd> ended = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                Listener listener =
                        relayTo(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), plain(), ended);
                Socket client = new Socket(
                        listener.address().getAddress(), listener.address().getPort())) {
            CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> {
                try (Socket accepted = server.accept()) {
                    String digest = digest(accepted.getInputStream());
                    accepted.getOutputStream().write(("got " + digest).getBytes());
                    return digest;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });

            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            Random random = new Random(7);
            byte[] chunk = new byte[300_000];
            long left = 100_000_000;
            while (left > 0) {
                random.nextBytes(chunk);
                int length = (int) Math.min(1 + random.nextInt(chunk.length), left);
                client.getOutputStream().write(chunk, 0, length);
                sent.update(chunk, 0, length);
                left -= length;
            }
            client.shutdownOutput();

            String expected = HexFormat.of().formatHex(sent.digest());
            assertThat(new String(client.getInputStream().readAllBytes())).isEqualTo("got " + expected);
            assertThat(received.get()).isEqualTo(expected);
            assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo(RelayEnd.CLEAN);
        }
    }

    private static String digest(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[65536];
        for (int n; (n = in.read(buffer)) > 0; ) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void a_client_reset_ends_the_relay_and_resets_the_upstream() throws Exception {
        CompletableFuture<RelayEnd> ended = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                Listener listener = relayTo(
                        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), plain(), ended)) {
            Socket client = new Socket(
                    listener.address().getAddress(), listener.address().getPort());
            try (Socket accepted = server.accept()) {
                client.setSoLinger(true, 0);
                client.close();

                assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo(RelayEnd.CLIENT_RESET);
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> accepted.getInputStream().readAllBytes());
            }
        }
    }

    @Test
    @Case("K11")
    void a_slow_reader_holds_the_sender_back() throws Exception {
        CompletableFuture<RelayEnd> ended = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                Listener listener =
                        relayTo(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), plain(), ended);
                Socket client = new Socket(
                        listener.address().getAddress(), listener.address().getPort());
                Socket accepted = server.accept()) {
            java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
            Thread writer = Thread.ofVirtual().start(() -> {
                byte[] chunk = new byte[64 * 1024];
                try {
                    for (int i = 0; i < 2000; i++) {
                        client.getOutputStream().write(chunk);
                        written.addAndGet(chunk.length);
                    }
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(10))
                    .until(written::get, w -> w > 0 && w < 60_000_000);

            long total = accepted.getInputStream().readAllBytes().length;
            writer.join();
            assertThat(total).isEqualTo(2000L * 64 * 1024);
        }
    }

    @Test
    void an_idle_relay_ends() throws Exception {
        CompletableFuture<RelayEnd> ended = new CompletableFuture<>();
        RelayOptions options = new RelayOptions(Duration.ofMillis(100), LONG, null, null, new byte[0]);
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                Listener listener =
                        relayTo(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), options, ended);
                Socket client = new Socket(
                        listener.address().getAddress(), listener.address().getPort())) {
            assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo(RelayEnd.IDLE);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.getInputStream().readAllBytes());
        }
    }

    @Test
    void a_port_in_use_is_an_error_that_names_it() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            InetSocketAddress taken = new InetSocketAddress(other.getInetAddress(), other.getLocalPort());
            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> loops.listen(taken, TcpStream::reset))
                    .withMessageContaining("127.0.0.1:" + other.getLocalPort())
                    .withMessageContaining("already in use");
        }
        try (Listener first = loops.listen(ANY, TcpStream::reset)) {
            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> loops.listen(first.address(), TcpStream::reset));
        }
    }

    @Test
    void a_refused_connect_says_so() throws Exception {
        int unused;
        try (ServerSocket gone = new ServerSocket(0)) {
            unused = gone.getLocalPort();
        }
        CompletableFuture<String> failure = new CompletableFuture<>();
        EventLoop loop = loops.next();
        loop.execute(() ->
                loop.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), unused), new ConnectHandler() {
                    @Override
                    public void connected(TcpStream stream) {
                        failure.complete("connected");
                    }

                    @Override
                    public void failed(IOException e) {
                        failure.complete(e.getMessage());
                    }
                }));
        assertThat(failure.get(5, TimeUnit.SECONDS)).isEqualTo("connection refused");
    }

    @Test
    void a_foreign_thread_is_refused_and_a_closed_stream_too() throws Exception {
        CompletableFuture<TcpStream> accepted = new CompletableFuture<>();
        try (Listener listener = loops.listen(ANY, accepted::complete);
                Socket client = new Socket(
                        listener.address().getAddress(), listener.address().getPort())) {
            TcpStream stream = accepted.get(5, TimeUnit.SECONDS);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(stream::reset);

            CompletableFuture<Throwable> late = new CompletableFuture<>();
            stream.loop().execute(() -> {
                stream.reset();
                try {
                    stream.finish();
                } catch (StreamException e) {
                    late.complete(e);
                }
            });
            assertThat(late.get(5, TimeUnit.SECONDS)).isInstanceOf(StreamException.class);
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    @Case("K13")
    void leaves_nothing_open_after_2000_connections() throws Exception {
        CompletableFuture<RelayEnd> ended = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
                Listener listener = relayTo(
                        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), plain(), ended)) {
            long before = descriptors();
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        try (Socket accepted = server.accept()) {
                            accepted.getInputStream().transferTo(accepted.getOutputStream());
                        }
                    }
                } catch (IOException e) {
                    // The server socket was closed at the end of the test.
                }
            });
            for (int i = 0; i < 2000; i++) {
                try (Socket client = new Socket(
                        listener.address().getAddress(), listener.address().getPort())) {
                    client.getOutputStream().write(i);
                    client.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes()).hasSize(1);
                }
            }
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> watched() == loops.all().size());
            // What the virtual machine itself opens meanwhile are a few files, not thousands of sockets.
            await().atMost(Duration.ofSeconds(5)).until(() -> descriptors() < before + 20);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private long watched() {
        return loops.all().stream().mapToInt(EventLoop::watched).sum();
    }
}
