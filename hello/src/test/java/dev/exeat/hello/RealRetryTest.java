package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.hello.HelloProgress.Complete;
import dev.exeat.hello.HelloProgress.NeedMore;
import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real client and a real server that asks it to try again, with the watcher between them. */
class RealRetryTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    @Test
    void lets_a_handshake_with_a_retry_through() throws Exception {
        SvidMint mint = SvidMint.mint(directory, "rig.test");
        try (BackgroundProcess server = Command.of(
                                "openssl",
                                "s_server",
                                "-accept",
                                "127.0.0.1:0",
                                "-cert",
                                mint.svid("gw").certificate().toString(),
                                "-key",
                                mint.svid("gw").key().toString(),
                                // The client guesses another group first, so the server must ask again.
                                "-groups",
                                "P-384",
                                "-www")
                        .start();
                ServerSocket relay = new ServerSocket(0, 1, LOOPBACK)) {
            int serverPort = Integer.parseInt(
                    server.awaitLine("ACCEPT .*:(\\d+)", Duration.ofSeconds(10)).group(1));
            try (BackgroundProcess client = Command.of(
                                    "openssl",
                                    "s_client",
                                    "-connect",
                                    "127.0.0.1:" + relay.getLocalPort(),
                                    "-servername",
                                    "allowed.test",
                                    "-groups",
                                    "X25519:P-384",
                                    "-tls1_3",
                                    "-brief")
                            .start();
                    Socket fromClient = relay.accept();
                    Socket toServer = new Socket(LOOPBACK, serverPort)) {
                Relay watched = new Relay(fromClient, toServer);

                assertThat(watched.secondHelloPassed()).isTrue();
                client.awaitLine("CONNECTION ESTABLISHED", Duration.ofSeconds(10));
                assertThat(watched.retried).isTrue();
            }
        }
    }

    /** Hello, answer, second hello in turn, then both directions freely. */
    private static final class Relay {
        private final Socket client;
        private final Socket server;
        private boolean retried;

        Relay(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        boolean secondHelloPassed() throws IOException {
            client.setSoTimeout(10_000);
            server.setSoTimeout(10_000);
            HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);
            HelloProgress progress = NeedMore.INSTANCE;
            while (progress == NeedMore.INSTANCE) {
                progress = reader.feed(ByteBuffer.wrap(read(client)));
            }
            server.getOutputStream().write(reader.received());
            HelloWatcher watcher = new HelloWatcher(((Complete) progress).facts(), HelloReader.DEFAULT_LIMIT);

            byte[] answer = read(server);
            assertThat(watcher.server(ByteBuffer.wrap(answer))).isEqualTo(answer.length);
            retried = !watcher.done();
            client.getOutputStream().write(answer);

            byte[] held = {};
            while (!watcher.done()) {
                byte[] more = read(client);
                held = Arrays.copyOf(held, held.length + more.length);
                System.arraycopy(more, 0, held, held.length - more.length, more.length);
                int may = watcher.client(ByteBuffer.wrap(held));
                assertThat(may).as(() -> String.valueOf(watcher.violation())).isNotNegative();
                server.getOutputStream().write(held, 0, may);
                held = Arrays.copyOfRange(held, may, held.length);
            }
            pump(client.getInputStream(), server.getOutputStream());
            pump(server.getInputStream(), client.getOutputStream());
            return true;
        }

        private static byte[] read(Socket socket) throws IOException {
            byte[] chunk = new byte[4_096];
            int count = socket.getInputStream().read(chunk);
            assertThat(count).isPositive();
            return Arrays.copyOf(chunk, count);
        }

        private static void pump(InputStream in, OutputStream out) {
            Thread.ofVirtual().start(() -> {
                try {
                    in.transferTo(out);
                } catch (IOException e) {
                    // The test has closed the sockets.
                }
            });
        }
    }
}
