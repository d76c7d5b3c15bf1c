package dev.exeat.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidSource;
import dev.exeat.testkit.Case;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send an octet now and then, to hold connections for nothing. */
@Timeout(60)
class SlowClientsTest {
    private static final String TRUST_DOMAIN = "cluster.local";

    @TempDir
    Path directory;

    private Authority authority;
    private SvidSource identity;
    private ApiServer server;

    @BeforeEach
    void serve() throws IOException {
        authority = Authority.open(directory, TRUST_DOMAIN, Duration.ofHours(1), Clock.systemUTC());
        identity = AuthoritySvidSource.open(
                authority,
                ServiceAccountRef.GATEWAY.spiffeId(TRUST_DOMAIN),
                SanNames.loopbackAnd(List.of()),
                Clock.systemUTC());
        server = ApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                identity,
                List.of(),
                new ApiServer.Deadlines(Duration.ofSeconds(2), Duration.ofSeconds(10)));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        identity.close();
        authority.close();
    }

    @Test
    @Case("M15")
    void a_head_that_trickles_in_is_not_waited_for() throws Exception {
        try (Socket socket = tls()) {
            socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: a\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            trickleUntilCut(socket, 'x');
        }
    }

    @Test
    @Case("M15")
    void nor_is_the_head_of_a_later_request() throws Exception {
        try (Socket socket = tls()) {
            ask(socket);
            socket.getOutputStream().write("GET ".getBytes(StandardCharsets.US_ASCII));
            trickleUntilCut(socket, '/');
        }
    }

    @Test
    @Case("M15")
    void nor_is_a_handshake() throws Exception {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            // A record of TLS that announces 512 octets.
            socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3});
            trickleUntilCut(socket, 0);
        }
    }

    @Test
    void a_connection_that_only_pauses_is_kept() throws Exception {
        try (Socket socket = tls()) {
            ask(socket);
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true); // Twice as long as a head may take.
            ask(socket);
        }
    }

    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (answer.indexOf("\r\n\r\nok\n") < 0) {
            int octet = in.read();
            assertThat(octet).as("an octet after " + answer).isNotNegative();
            answer.append((char) octet);
        }
    }

    private static void trickleUntilCut(Socket socket, int octet) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    try {
                        socket.getOutputStream().write(octet);
                        socket.getOutputStream().flush();
                        return false;
                    } catch (IOException e) {
                        return true;
                    }
                });
    }

    private Socket tls() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
        return context.getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort());
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
