package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.OuterTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tunnel listener against h2spec, which others wrote. h2spec shows no client certificate, so it speaks through a
 * bridge that adds the mutual TLS and nothing else.
 */
class H2SpecIT {
    /**
     * Cases that do not apply, by section, each with its reason. Everything else passes.
     */
    private static final Map<String, String> NOT_APPLICABLE = new TreeMap<>(Map.of(
            "Sends HEADERS frame that depend on itself",
            "priorities went with RFC 9113, section 5.3; their contents are ignored",
            "Sends PRIORITY frame that depend on itself",
            "priorities went with RFC 9113, section 5.3; their contents are ignored",
            "Sends a HEADERS frame with the \"content-length\" header field which does not equal the DATA frame payload"
                    + " length",
            "a request that is no CONNECT is answered with 405 before its body comes",
            "Sends a HEADERS frame with the \"content-length\" header field which does not equal the sum of the"
                    + " multiple DATA frames payload length",
            "a request that is no CONNECT is answered with 405 before its body comes"));

    @TempDir
    private Path directory;

    @Test
    void every_case_that_applies_to_connect_passes() throws Exception {
        Path h2spec = Tools.find("h2spec");
        assumeTrue(
                h2spec != null,
                "h2spec is not installed: go install github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible");
        try (Rig rig = Rig.start(directory);
                Bridge bridge = new Bridge(rig)) {
            CommandRun run = dev.exeat.testkit.Command.of(
                            h2spec.toString(), "-h", "127.0.0.1", "-p", String.valueOf(bridge.port()), "-o", "3")
                    .timeout(Duration.ofMinutes(3))
                    .run();

            List<String> failed = run.stdout()
                    .lines()
                    .takeWhile(line -> !line.startsWith("Failures"))
                    .filter(line -> line.contains("×"))
                    .map(line -> line.substring(line.lastIndexOf('×') + 1).replaceFirst("^ \\d+: ", ""))
                    .filter(name -> !NOT_APPLICABLE.containsKey(name))
                    .toList();
            assertThat(failed).as(run.stdout()).isEmpty();
            assertThat(run.stdout()).containsPattern("145 tests, 1[34]\\d passed");
        }
    }

    /** Takes plain HTTP/2 and carries it in mutual TLS to the gateway. */
    private static final class Bridge implements AutoCloseable {
        private final Rig rig;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        Bridge(Rig rig) throws IOException {
            this.rig = rig;
            threads.execute(this::serve);
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve() {
            while (!server.isClosed()) {
                try {
                    Socket plain = server.accept();
                    threads.execute(() -> carry(plain));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void carry(Socket plain) {
            try (plain;
                    Socket tcp = new Socket(
                            rig.gateway.address("tunnel").getAddress(),
                            rig.gateway.address("tunnel").getPort());
                    SSLSocket tls = OuterTls.as(rig.mint.svid("a"), rig.mint.bundle())
                            .offering("h2")
                            .wrap(tcp)) {
                threads.execute(() -> pump(tls, plain));
                pump(plain, tls);
            } catch (IOException e) {
                // h2spec sees the end of its connection.
            }
        }

        private static void pump(Socket from, Socket to) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                in.transferTo(out);
            } catch (IOException e) {
                // One side has ended; so does the other now.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
        }
    }
}
