package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What travels together with the end of a handshake reaches the reader without more octets from the peer. */
@Timeout(20)
@ParameterizedClass
@EnumSource(TlsLibrary.class)
class TlsFlightTest {
    @TempDir
    private static Path directory;

    private static TestCertificates certificates;

    @Parameter
    private TlsLibrary library;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = TestCertificates.make(directory);
    }

    private TlsOptions options() {
        return new TlsOptions(List.of(), false, library);
    }

    private static Socket dial(TlsRig rig) throws IOException {
        Socket socket = new Socket(
                rig.listener.address().getAddress(), rig.listener.address().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void data_in_the_segment_of_the_clients_finished_is_read() throws Exception {
        try (TlsRig rig = new TlsRig(certificates, certificates.trustRoot(), options());
                Socket socket = dial(rig)) {
            EnginePeer client = EnginePeer.client(certificates.platform("client"), socket, "TLSv1.3")
                    .handshake();
            client.write("early".getBytes(US_ASCII)).send();

            assertThat(client.read(5)).asString().isEqualTo("EARLY");
        }
    }

    @Test
    void data_and_close_notify_in_the_segment_of_the_clients_finished_are_read() throws Exception {
        try (TlsRig rig = new TlsRig(certificates, certificates.trustRoot(), options());
                Socket socket = dial(rig)) {
            EnginePeer client = EnginePeer.client(certificates.platform("client"), socket, "TLSv1.3")
                    .handshake();
            client.write("early".getBytes(US_ASCII)).closeNotify().send();

            assertThat(client.read(5)).asString().isEqualTo("EARLY");
            assertThat(rig.ends.poll(5, TimeUnit.SECONDS)).isEqualTo("close_notify");
        }
    }

    @Test
    void a_record_of_which_a_part_came_with_the_clients_finished_is_read_when_the_rest_is_there() throws Exception {
        try (TlsRig rig = new TlsRig(certificates, certificates.trustRoot(), options());
                Socket socket = dial(rig)) {
            socket.setTcpNoDelay(true);
            EnginePeer client = EnginePeer.client(certificates.platform("client"), socket, "TLSv1.3")
                    .handshake();
            client.write("early and late".getBytes(US_ASCII)).sendAllBut(6);
            assertThat(rig.established.poll(5, TimeUnit.SECONDS)).isNotNull();
            client.send();

            assertThat(client.read(14)).asString().isEqualTo("EARLY AND LATE");
        }
    }

    @Test
    @Case("K16")
    void a_flood_of_key_updates_without_data_ends_the_stream() throws Exception {
        try (TlsRig rig = new TlsRig(certificates, certificates.trustRoot(), options());
                Socket socket = dial(rig)) {
            EnginePeer client = EnginePeer.client(certificates.platform("client"), socket, "TLSv1.3")
                    .handshake();
            for (int i = 0; i < 20; i++) {
                client.updateKeys();
            }
            client.write("still fine".getBytes(US_ASCII)).send();
            assertThat(client.read(10)).asString().isEqualTo("STILL FINE");

            for (int i = 0; i < 50; i++) {
                client.updateKeys();
            }
            client.send();
            assertThat(rig.ends.poll(5, TimeUnit.SECONDS)).startsWith("PROTOCOL");
        }
    }

    @Test
    @Case("K17")
    void a_flood_of_empty_records_ends_the_stream() throws Exception {
        Path secrets = directory.resolve("secrets-" + library);
        try (TlsRig rig = new TlsRig(certificates, certificates.trustRoot(), options());
                ServerSocket between = new ServerSocket(0, 1, TlsRig.ANY.getAddress())) {
            Process openssl = handshakeBy(between.getLocalPort(), secrets);
            try (Socket fromClient = between.accept();
                    Socket toServer = dial(rig)) {
                pass(fromClient, toServer);
                pass(toServer, fromClient);
                assertThat(rig.established.poll(10, TimeUnit.SECONDS)).isNotNull();

                RecordForge forge = new RecordForge(clientSecret(secrets));
                toServer.getOutputStream().write(forge.applicationData("still fine".getBytes(US_ASCII)));
                toServer.getOutputStream().write(forge.applicationData(new byte[0]));
                assertThat(rig.failures).isEmpty();
                assertThat(rig.ends).isEmpty();
                for (int i = 0; i < 5_000; i++) {
                    toServer.getOutputStream().write(forge.applicationData(new byte[0]));
                }
            } catch (SocketException e) {
                // The server has hung up on the flood.
            } finally {
                openssl.destroy();
            }
            assertThat(rig.ends.poll(5, TimeUnit.SECONDS)).startsWith("PROTOCOL");
        }
    }

    private static Process handshakeBy(int port, Path secrets) throws IOException {
        return new ProcessBuilder(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + port,
                        "-tls1_3",
                        "-quiet",
                        "-ciphersuites",
                        "TLS_AES_128_GCM_SHA256",
                        "-keylogfile",
                        secrets.toString(),
                        "-cert",
                        "client.pem",
                        "-key",
                        "client.key")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** openssl may write it down a moment after it was used. */
    private static byte[] clientSecret(Path secrets) {
        return await().until(
                        () -> Files.readAllLines(secrets).stream()
                                .filter(line -> line.matches("CLIENT_TRAFFIC_SECRET_0 .* [0-9a-f]{64}"))
                                .map(line -> HexFormat.of().parseHex(line.substring(line.lastIndexOf(' ') + 1)))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // The test is over.
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void data_in_the_segment_of_the_servers_last_flight_is_read(String version) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, TlsRig.ANY.getAddress());
                TlsCaller caller = new TlsCaller(certificates, options())) {
            caller.dial(server.getLocalPort());
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(10_000);
                EnginePeer.server(certificates.platform("server"), socket, version)
                        .handshake()
                        .write("welcome".getBytes(US_ASCII))
                        .send();

                assertThat(caller.received.poll(5, TimeUnit.SECONDS)).isEqualTo("welcome");
                assertThat(caller.established.poll(5, TimeUnit.SECONDS).version())
                        .isEqualTo(version);
            }
        }
    }
}
