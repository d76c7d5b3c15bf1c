package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
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
