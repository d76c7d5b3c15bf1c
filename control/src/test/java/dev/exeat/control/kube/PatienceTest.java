package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.io.InputStream;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hold a thread of the API and do nothing. */
@Timeout(60)
class PatienceTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private ApiUnderTest api;

    @BeforeEach
    void serve() throws Exception {
        api = new ApiUnderTest(directory, new Patience(SHORT, SHORT));
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    private String head(String line, String... headers) {
        return line + " HTTP/1.1\r\nHost: " + api.authority() + "\r\nAuthorization: Bearer " + api.operator + "\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
    }

    @Test
    @Case("M15")
    void a_body_that_does_not_come_is_not_waited_for() throws Exception {
        String answer = api.raw(
                head("POST " + MAPS, "Content-Type: application/json", "Content-Length: 100") + "{\"apiVersion\":");
        assertThat(answer).startsWith("HTTP/1.1 408").contains("the body did not arrive in time");
        assertThat(api.get(api.operator, MAPS).json().path("items")).isEmpty();
    }

    @Test
    @Case("M15")
    void a_watch_over_a_websocket_whose_client_takes_nothing_loses_its_place() throws Exception {
        try (SSLSocket stalled = api.connect()) {
            stalled.getOutputStream()
                    .write(head(
                                    "GET " + MAPS + "?watch=true&timeoutSeconds=600",
                                    "Connection: Upgrade",
                                    "Upgrade: websocket",
                                    "Sec-WebSocket-Version: 13",
                                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(firstLine(stalled.getInputStream())).startsWith("HTTP/1.1 101");
            List<WebSocket> others = new ArrayList<>();
            for (int i = 1; i < WatchPlaces.MOST_OF_ONE; i++) {
                others.add(api.socket(
                        api.operator,
                        MAPS + "?watch=true&timeoutSeconds=600&fieldSelector=metadata.name=none",
                        new Mute()));
            }
            assertThat(watchOnce()).isEqualTo(429);

            // More than the kernel keeps for a client that does not read.
            String large = "x".repeat(1_000_000);
            for (int i = 0; i < 12; i++) {
                String map =
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m%d\"},\"data\":{\"k\":\"%s\"}}";
                assertThat(api.send(api.operator, "POST", MAPS, map.formatted(i, large))
                                .code())
                        .isEqualTo(201);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> watchOnce() == 200);
            others.forEach(WebSocket::abort);
        }
    }

    private int watchOnce() {
        return api.get(api.operator, MAPS + "?watch=true&timeoutSeconds=1&fieldSelector=metadata.name=none")
                .code();
    }

    private static String firstLine(InputStream in) throws Exception {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\r'; octet = in.read()) {
            assertThat(octet).isNotNegative();
            line.append((char) octet);
        }
        return line.toString();
    }

    /** Asks for nothing more than the first message. */
    private static final class Mute implements WebSocket.Listener {}
}
