package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.hello.HelloProgress.Complete;
import dev.exeat.hello.HelloProgress.NeedMore;
import dev.exeat.model.HelloFacts;
import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hellos of real clients, taken from a socket. */
class RealHelloTest {
    @ParameterizedTest
    @CsvSource({"-tls1_3, 0x0304", "-tls1_2, 0x0303"})
    void reads_the_hello_of_openssl(String option, String version) throws IOException {
        HelloFacts facts = hello(port -> Command.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + port,
                "-servername",
                "OpenSSL.example.org",
                "-alpn",
                "h2,http/1.1",
                option));

        assertThat(facts.serverName()).hasToString("openssl.example.org");
        assertThat(facts.rawName()).isEqualTo("OpenSSL.example.org");
        assertThat(facts.alpn()).containsExactly("h2", "http/1.1");
        assertThat(facts.versions()).containsExactly(Integer.decode(version));
        assertThat(facts.ech()).isFalse();
    }

    @Test
    void reads_the_hello_of_curl() throws IOException {
        HelloFacts facts = hello(port -> Command.of(
                "curl", "-s", "--noproxy", "*", "--connect-to", "::127.0.0.1:" + port, "https://en.wikipedia.org/"));

        assertThat(facts.serverName()).hasToString("en.wikipedia.org");
        assertThat(facts.alpn()).contains("http/1.1");
        assertThat(facts.versions()).contains(0x0304, 0x0303);
    }

    @Test
    void reads_the_hello_of_java() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket plain = new Socket(server.getInetAddress(), server.getLocalPort())) {
            Thread client = Thread.ofVirtual().start(() -> {
                try (var socket = (javax.net.ssl.SSLSocket)
                        ((javax.net.ssl.SSLSocketFactory) javax.net.ssl.SSLSocketFactory.getDefault())
                                .createSocket(plain, "java.example.org", 443, true)) {
                    socket.startHandshake();
                } catch (IOException e) {
                    // The server hangs up after the hello.
                }
            });
            HelloFacts facts;
            try (Socket accepted = server.accept()) {
                facts = read(accepted);
            }
            client.join();

            assertThat(facts.serverName()).hasToString("java.example.org");
            assertThat(facts.versions()).containsExactly(0x0304, 0x0303);
        }
    }

    private interface Client {
        Command connecting(int port);
    }

    private static HelloFacts hello(Client client) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BackgroundProcess process =
                        client.connecting(server.getLocalPort()).start();
                Socket socket = server.accept()) {
            HelloFacts facts = read(socket);
            process.kill();
            return facts;
        }
    }

    private static HelloFacts read(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);
        InputStream in = socket.getInputStream();
        HelloProgress progress = NeedMore.INSTANCE;
        byte[] chunk = new byte[100];
        while (progress == NeedMore.INSTANCE) {
            int count = in.read(chunk);
            assertThat(count).isPositive();
            progress = reader.feed(ByteBuffer.wrap(chunk, 0, count));
        }
        assertThat(progress).isInstanceOf(Complete.class);
        Complete complete = (Complete) progress;
        assertThat(complete.end()).isEqualTo(reader.received().length);
        return complete.facts();
    }
}
