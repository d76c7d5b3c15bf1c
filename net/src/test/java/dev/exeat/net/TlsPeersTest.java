package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The TLS that others speak, in both versions against both libraries: each side proves itself, a megabyte goes to the
 * peer and back, one side ends before the other, and both agree on what the session is.
 */
@Timeout(60)
@ParameterizedClass
@CsvSource({"BORINGSSL, 1.2", "BORINGSSL, 1.3", "JSSE, 1.2", "JSSE, 1.3"})
class TlsPeersTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;

    @Parameter(0)
    private TlsLibrary library;

    @Parameter(1)
    private String version;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = TestCertificates.make(directory);
    }

    private TlsRig rig() throws Exception {
        return new TlsRig(certificates, certificates.trustRoot(), options("h2", "http/1.1"));
    }

    private TlsOptions options(String... alpn) {
        return new TlsOptions(List.of(alpn), false, library);
    }

    /** Capitals, which the rig hands back as they are; none of those that openssl's client takes for a command. */
    private static byte[] megabyte() {
        byte[] bytes = new byte[MEGABYTE];
        Random random = new Random(7);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('S' + random.nextInt(8));
        }
        return bytes;
    }

    private void assertAgreed(TlsFacts facts, String alpn, String name) throws Exception {
        assertThat(facts.version()).isEqualTo("TLSv" + version);
        assertThat(facts.alpn()).isEqualTo(alpn);
        assertThat(facts.serverName()).isEqualTo(name);
        assertThat(facts.peerChainDer().getFirst()).isEqualTo(certificates.der("client.pem"));
        assertThat(facts.resumed()).isFalse();
    }

    private static CompletableFuture<Boolean> sendLater(OutputStream to, byte[] bytes) {
        return RelayRig.async(() -> {
            to.write(bytes);
            to.flush();
            return true;
        });
    }

    @Test
    void openssl_as_client() throws Exception {
        try (TlsRig rig = rig()) {
            Process client = rig.openssl(
                    "-tls" + version.replace('.', '_'),
                    "-quiet",
                    "-no_ign_eof",
                    "-verify_quiet",
                    "-verify_return_error",
                    "-CAfile",
                    "ca.pem",
                    "-cert",
                    "client.pem",
                    "-key",
                    "client.key",
                    "-servername",
                    "a.test",
                    "-alpn",
                    "http/1.1");
            byte[] body = megabyte();
            CompletableFuture<Boolean> sent = sendLater(client.getOutputStream(), body);

            assertThat(client.getInputStream().readNBytes(MEGABYTE)).isEqualTo(body);
            assertThat(sent.get()).isTrue();
            client.getOutputStream().close();
            assertThat(client.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(rig.ends.poll(10, TimeUnit.SECONDS)).isEqualTo("close_notify");
            assertAgreed(rig.established.poll(), "http/1.1", "a.test");
        }
    }

    @Test
    void openssl_as_server() throws Exception {
        int port = freePort();
        Process server = new ProcessBuilder(("openssl s_server -tls" + version.replace('.', '_') + " -accept 127.0.0.1:"
                                + port + " -cert server.pem -key server.key -CAfile ca.pem -Verify 1"
                                + " -verify_return_error -alpn h2 -rev")
                        .split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        try (TlsCaller caller = new TlsCaller(certificates, options("h2"))) {
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                caller.dial(port, "hello");
                return "olleh\n".equals(caller.received.poll(1, TimeUnit.SECONDS));
            });
            TlsFacts facts = caller.established.poll();
            assertThat(facts.version()).isEqualTo("TLSv" + version);
            assertThat(facts.alpn()).isEqualTo("h2");
            assertThat(facts.peerChainDer())
                    .containsExactly(certificates.der("server.pem"), certificates.der("ca.pem"));
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private SSLSocket platformClient(TlsRig rig) throws Exception {
        return platformClient(rig, certificates.platform("client"));
    }

    private SSLSocket platformClient(TlsRig rig, SSLContext client) throws Exception {
        SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket(
                        rig.listener.address().getAddress(),
                        rig.listener.address().getPort());
        socket.setEnabledProtocols(new String[] {"TLSv" + version});
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void the_java_platform_as_client() throws Exception {
        try (TlsRig rig = rig();
                SSLSocket socket = platformClient(rig)) {
            byte[] body = megabyte();
            CompletableFuture<Boolean> sent = sendLater(socket.getOutputStream(), body);

            assertThat(socket.getInputStream().readNBytes(MEGABYTE)).isEqualTo(body);
            assertThat(sent.get()).isTrue();
            assertAgreed(rig.established.poll(), "", "");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv" + version);
            assertThat(socket.getSession().getCipherSuite()).contains("GCM");
        }
    }

    /** One delayed acknowledgement alone lasts 40 ms, each time; a busy machine is slow only at times. */
    @Test
    void a_client_under_nagles_rule_waits_for_no_acknowledgement() throws Exception {
        TlsOptions tickets = new TlsOptions(List.of(), true, library);
        try (TlsRig rig = new TlsRig(certificates, certificates.trustRoot(), tickets)) {
            SSLContext resuming = certificates.platform("client");
            await().atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .until(() -> timeToFirstAnswer(rig, resuming).compareTo(Duration.ofMillis(38)) < 0);
        }
    }

    private Duration timeToFirstAnswer(TlsRig rig, SSLContext client) throws Exception {
        try (SSLSocket socket = platformClient(rig, client)) {
            socket.setTcpNoDelay(false);
            long start = System.nanoTime();
            socket.getOutputStream().write("hello".getBytes(US_ASCII));
            assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("HELLO");
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    @Test
    void what_was_sent_before_the_half_close_of_the_java_platform_comes_back() throws Exception {
        try (TlsRig rig = rig();
                SSLSocket socket = platformClient(rig)) {
            byte[] body = Arrays.copyOf(megabyte(), 50_000);
            socket.getOutputStream().write(body);
            socket.shutdownOutput();

            if (library == TlsLibrary.JSSE && version.equals("1.2")) {
                // It writes no more once it has read the close_notify. What it had not written by then is missed aloud.
                String end = rig.ends.poll(10, TimeUnit.SECONDS);
                if (end != null && end.equals("close_notify")) {
                    assertThat(socket.getInputStream().readAllBytes()).isEqualTo(body);
                } else {
                    assertThat(end).isEqualTo("PROTOCOL: TLS has ended");
                    assertThatExceptionOfType(IOException.class)
                            .isThrownBy(() -> socket.getInputStream().readNBytes(body.length + 1));
                }
            } else {
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo(body);
                assertThat(rig.ends.poll(10, TimeUnit.SECONDS)).isEqualTo("close_notify");
            }
        }
    }

    @Test
    void the_java_platform_as_server() throws Exception {
        try (SSLServerSocket server = (SSLServerSocket) certificates
                        .platform("server")
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, TlsRig.ANY.getAddress());
                TlsCaller caller = new TlsCaller(certificates, options())) {
            server.setEnabledProtocols(new String[] {"TLSv" + version});
            server.setNeedClientAuth(true);
            caller.dial(server.getLocalPort(), "hello");
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().readNBytes(6)).asString().isEqualTo("hello\n");
                socket.getOutputStream().write("welcome".getBytes(US_ASCII));

                assertThat(caller.received.poll(10, TimeUnit.SECONDS)).isEqualTo("welcome");
                assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=client");
                assertThat(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames())
                        .containsExactly(new SNIHostName("gateway.test"));
                assertThat(caller.established.poll().version()).isEqualTo("TLSv" + version);
                socket.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    /** Reads while it writes; at the end it waits for our close_notify, which {@code unwrap} asks for. */
    private static final String PYTHON = """
            import socket, ssl, sys, threading
            port, version, body = int(sys.argv[1]), sys.argv[2], open(sys.argv[3], 'rb').read()
            context = ssl.create_default_context(cafile='ca.pem')
            context.check_hostname = False
            context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
            context.load_cert_chain('client.pem', 'client.key')
            context.set_alpn_protocols(['h2'])
            plain = socket.create_connection(('127.0.0.1', port), 10)
            tls = context.wrap_socket(plain, server_hostname='p.test', suppress_ragged_eofs=False)
            back = b''
            for at in range(0, len(body), 65536):
                piece = body[at:at + 65536]
                tls.sendall(piece)
                end = len(back) + len(piece)
                while len(back) < end:
                    back += tls.recv(65536)
            agreed = tls.version(), tls.selected_alpn_protocol()
            tls.unwrap()
            print(*agreed, back == body)
            """;

    @Test
    void python_as_client() throws Exception {
        Path body = directory.resolve("body");
        Files.write(body, megabyte());
        try (TlsRig rig = rig()) {
            Process python = new ProcessBuilder(
                            "python3",
                            "-c",
                            PYTHON,
                            String.valueOf(rig.listener.address().getPort()),
                            "TLSv" + version.replace('.', '_'),
                            "body")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();

            assertThat(python.inputReader().lines()).containsExactly("TLSv" + version + " h2 True");
            assertThat(rig.ends.poll(10, TimeUnit.SECONDS)).isEqualTo("close_notify");
            assertAgreed(rig.established.poll(), "h2", "p.test");
        }
    }

    @Test
    void curl_sends_a_large_body_and_has_it_back() throws Exception {
        Path sent = directory.resolve("sent");
        byte[] body = new byte[4_000_000];
        new Random(11).nextBytes(body);
        Files.write(sent, body);
        Path received = directory.resolve("received");
        try (EchoSite site = new EchoSite(certificates, options("http/1.1"))) {
            List<String> command = new ArrayList<>(
                    List.of(("curl -sS --http1.1 --cacert ca.pem --cert client.pem --key client.key -o received"
                                    + " --data-binary @sent --tlsv" + version + " --tls-max " + version)
                            .split(" ")));
            command.addAll(
                    List.of("-H", "Expect:", "--connect-to", "server:443:127.0.0.1:" + site.port(), "https://server/"));
            Process curl = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();

            try (InputStream said = curl.getInputStream()) {
                assertThat(new String(said.readAllBytes(), US_ASCII)).isEmpty();
            }
            assertThat(curl.waitFor()).isZero();
            assertThat(Files.mismatch(sent, received)).isEqualTo(-1);
        }
    }
}
