package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A browser, whose hello is the longest that clients send today: GREASE, a post-quantum key, an encrypted hello that is
 * none. It comes to the workload proxy in small pieces, as over a narrow network.
 */
class ChromiumIT {
    @TempDir
    private static Path directory;

    private static Mesh mesh;
    private static Narrow narrow;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(chromium() != null, "there is no Chromium");
        mesh = Mesh.start(directory);
        narrow = new Narrow(mesh.proxy("sleep").address("listen"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (mesh != null) {
            narrow.close();
            mesh.close();
        }
    }

    private static Path chromium() {
        return Tools.find("chromium");
    }

    @ParameterizedTest
    @CsvSource({"http, en.wikipedia.org", "socks5, de.wikipedia.org"})
    @Case("S18")
    void a_page_is_shown_although_its_hello_comes_in_pieces(String scheme, String host) throws Exception {
        CommandRun run = browse(scheme, "https://" + host + "/page");

        assertThat(run.stdout()).as(run.toString()).contains("<title>a page</title>");
        JsonNode record = mesh.recordOf(host);
        assertThat(record.get("sni").asString()).isEqualTo(host);
        JsonNode hello = record.get("hello");
        assertThat(hello.get("post_quantum").asBoolean()).isTrue();
        assertThat(hello.get("ech").asBoolean()).isTrue();
        assertThat(hello.get("size").asInt()).isGreaterThan(2 * Narrow.PIECE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void a_denied_site_is_an_error_of_the_proxy(String scheme) throws Exception {
        int before = mesh.site.requests().size();

        CommandRun run = browse(scheme, "https://www.elsewhere.test/page");

        assertThat(run.stdout()).as(run.toString()).doesNotContain("a page");
        assertThat(run.stdout() + run.stderr())
                .contains(scheme.equals("http") ? "ERR_TUNNEL_CONNECTION_FAILED" : "ERR_SOCKS_CONNECTION_FAILED");
        assertThat(mesh.site.requests()).hasSize(before);
    }

    /** The site's key is pinned, so that a page is shown only if the site's own certificate came with it. */
    private static CommandRun browse(String scheme, String url) throws Exception {
        return Command.of(
                        chromium().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + directory.resolve("browser-" + scheme + url.hashCode()),
                        "--ignore-certificate-errors-spki-list=" + siteKey(),
                        "--proxy-server=" + scheme + "://127.0.0.1:" + narrow.port(),
                        "--dump-dom",
                        url)
                .timeout(Duration.ofMinutes(2))
                .run();
    }

    private static String siteKey() throws Exception {
        try (SSLSocket site = (SSLSocket) mesh.pki
                .clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), mesh.site.port())) {
            site.startHandshake();
            Certificate own = site.getSession().getPeerCertificates()[0];
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(own.getPublicKey().getEncoded());
            return Base64.getEncoder().encodeToString(digest);
        }
    }

    /** Passes on what clients send in small pieces, a moment apart, and what comes back as it comes. */
    private static final class Narrow implements AutoCloseable {
        static final int PIECE = 500;
        private static final Duration APART = Duration.ofMillis(2);

        private final InetSocketAddress target;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        Narrow(InetSocketAddress target) throws IOException {
            this.target = target;
            threads.execute(this::serve);
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve() {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    threads.execute(() -> carry(client));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void carry(Socket client) {
            try (client;
                    Socket proxy = new Socket(target.getAddress(), target.getPort())) {
                proxy.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                threads.execute(() -> pass(proxy, client, 64 * 1024));
                pass(client, proxy, PIECE);
            } catch (IOException e) {
                // The client sees the end of its connection.
            }
        }

        private static void pass(Socket from, Socket to, int most) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] piece = new byte[most];
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    out.write(piece, 0, n);
                    if (n == PIECE) {
                        LockSupport.parkNanos(APART.toNanos());
                    }
                }
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
