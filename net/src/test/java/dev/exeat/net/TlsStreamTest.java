package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both libraries against openssl and against each other. */
@Timeout(60)
@ParameterizedClass
@EnumSource(TlsLibrary.class)
class TlsStreamTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;

    @Parameter
    private TlsLibrary library;

    private EventLoops loops;
    private TlsContext context;
    private ServerSocket echo;
    private Listener listener;
    private Duration handshakeDeadline = LONG;
    private final BlockingQueue<TlsFacts> established = new LinkedBlockingQueue<>();
    private final BlockingQueue<TlsFailure> failures = new LinkedBlockingQueue<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = TestCertificates.make(directory);
    }

    @BeforeEach
    void start() throws Exception {
        loops = EventLoops.start(new LoopOptions(1, "test"));
        context = TlsContext.server(
                certificates.identity("server"),
                certificates.trustRoot(),
                new TlsOptions(List.of("h2", "http/1.1"), false, library));
        echo = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serveEcho);
        listener = loops.listen(ANY, tcp -> TlsStream.accept(context, tcp, handshakeDeadline, new Recorder()));
    }

    @AfterEach
    void stop() throws Exception {
        listener.close();
        loops.close();
        echo.close();
        context.close();
    }

    private void serveEcho() {
        try {
            while (true) {
                Socket accepted = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (accepted) {
                        accepted.getInputStream().transferTo(accepted.getOutputStream());
                    } catch (IOException e) {
                        // The test cut the connection.
                    }
                });
            }
        } catch (IOException e) {
            // The end of the test.
        }
    }

    /** Relays what comes out of TLS to the echo server. */
    private final class Recorder implements TlsHandler {
        @Override
        public void established(TlsStream stream) {
            established.add(stream.facts());
            InetSocketAddress target = new InetSocketAddress(echo.getInetAddress(), echo.getLocalPort());
            stream.loop().connect(target, new ConnectHandler() {
                @Override
                public void connected(TcpStream upstream) {
                    Relay.start(stream, upstream, new RelayOptions(LONG, LONG, null, null, new byte[0]), (r, e) -> {});
                }

                @Override
                public void failed(IOException e) {
                    stream.reset();
                }
            });
        }

        @Override
        public void failed(TlsStream stream, TlsFailure failure) {
            failures.add(failure);
        }
    }

    private Process openssl(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-quiet",
                "-verify_quiet",
                "-connect",
                "127.0.0.1:" + listener.address().getPort()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void openssl_gets_its_bytes_back(String version) throws Exception {
        Process client = openssl(
                version,
                "-cert",
                "client.pem",
                "-key",
                "client.key",
                "-cert_chain",
                "ca.pem",
                "-servername",
                "en.wikipedia.org",
                "-alpn",
                "h2");
        client.getOutputStream().write("hello\n".getBytes());
        client.getOutputStream().flush();

        TlsFacts facts = established.poll(10, TimeUnit.SECONDS);
        assertThat(client.inputReader().lines().anyMatch("hello"::equals)).isTrue();
        client.destroy();

        assertThat(facts.version()).isEqualTo(version.equals("-tls1_2") ? "TLSv1.2" : "TLSv1.3");
        assertThat(facts.serverName()).isEqualTo("en.wikipedia.org");
        assertThat(facts.alpn()).isEqualTo("h2");
        assertThat(facts.peerChainDer()).containsExactly(certificates.der("client.pem"), certificates.der("ca.pem"));
    }

    @Test
    void a_client_without_a_certificate_is_refused_with_an_alert() throws Exception {
        Process client = openssl();

        assertThat(failures.poll(10, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.NO_CERTIFICATE);
        assertThat(new String(client.getInputStream().readAllBytes()))
                .containsAnyOf("certificate required", "bad certificate");
    }

    @Test
    void a_certificate_of_a_stranger_is_refused_with_unknown_ca() throws Exception {
        Process client = openssl("-cert", "stranger.pem", "-key", "stranger.key");

        assertThat(failures.poll(10, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.BAD_CERTIFICATE);
        assertThat(new String(client.getInputStream().readAllBytes()))
                .contains(library == TlsLibrary.JSSE ? "certificate unknown" : "unknown ca");
    }

    @Test
    void old_versions_and_plain_text_are_refused() throws Exception {
        openssl("-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-cert", "client.pem", "-key", "client.key");
        assertThat(failures.poll(10, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.PROTOCOL);

        try (Socket plain =
                new Socket(listener.address().getAddress(), listener.address().getPort())) {
            plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
            assertThat(failures.poll(10, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.PROTOCOL);
        }
    }

    @Test
    void a_silent_client_is_closed_at_the_deadline() throws Exception {
        handshakeDeadline = Duration.ofMillis(100);
        try (Socket silent =
                new Socket(listener.address().getAddress(), listener.address().getPort())) {
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(failures.poll(10, TimeUnit.SECONDS).kind()).isEqualTo(TlsFailure.Kind.TIMEOUT);
        }
    }

    @Test
    void carries_30_MB_both_ways_with_equal_digest() throws Exception {
        try (TlsContext clientContext = TlsContext.client(
                certificates.identity("client"),
                certificates.trustRoot(),
                new TlsOptions(List.of("h2"), false, library))) {
            CompletableFuture<RelayEnd> ended = new CompletableFuture<>();
            // plain socket -> our TLS client -> our TLS server -> echo
            Listener entry = loops.listen(
                    ANY,
                    plain -> plain.loop().connect(listener.address(), new ConnectHandler() {
                        @Override
                        public void connected(TcpStream tcp) {
                            TlsStream.connect(clientContext, tcp, "", LONG, new TlsHandler() {
                                @Override
                                public void established(TlsStream stream) {
                                    Relay.start(
                                            plain,
                                            stream,
                                            new RelayOptions(LONG, LONG, null, null, new byte[0]),
                                            (r, e) -> ended.complete(e));
                                }

                                @Override
                                public void failed(TlsStream stream, TlsFailure failure) {
                                    plain.reset();
                                }
                            });
                        }

                        @Override
                        public void failed(IOException e) {
                            plain.reset();
                        }
                    }));
            try (Socket client =
                    new Socket(entry.address().getAddress(), entry.address().getPort())) {
                CompletableFuture<String> back = RelayRig.async(() -> digestOf(client));
                MessageDigest sent = MessageDigest.getInstance("SHA-256");
                Random random = new Random(3);
                byte[] chunk = new byte[200_000];
                for (int i = 0; i < 150; i++) {
                    random.nextBytes(chunk);
                    int length = 1 + random.nextInt(chunk.length);
                    client.getOutputStream().write(chunk, 0, length);
                    sent.update(chunk, 0, length);
                }
                client.shutdownOutput();

                assertThat(back.get(30, TimeUnit.SECONDS))
                        .isEqualTo(HexFormat.of().formatHex(sent.digest()));
                assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo(RelayEnd.CLEAN);
            } finally {
                entry.close();
            }
        }
    }

    private static String digestOf(Socket socket) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[65536];
            for (int n; (n = socket.getInputStream().read(buffer)) > 0; ) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (Exception e) {
            return e.toString();
        }
    }
}
