package dev.exeat.control.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.Metrics;
import dev.exeat.testkit.Case;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdminServerTest {
    private final Readiness readiness = new Readiness();
    private final AdminServer server = AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), readiness, new Metrics("1.2.3"));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void is_alive_whether_ready_or_not() throws Exception {
        readiness.require("listeners", () -> "not bound yet");

        assertThat(ask("GET", "/livez").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/livez").body()).isEqualTo("ok\n");
    }

    @Test
    @Case("R14")
    void tells_what_keeps_it_from_being_ready() throws Exception {
        AtomicReference<String> listeners = new AtomicReference<>("not bound yet");
        readiness.require("listeners", listeners::get);
        readiness.require("identity", () -> "");
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/readyz").body()).isEqualTo("listeners: not bound yet\n");

        listeners.set("");
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);

        readiness.drain();
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/readyz").body()).startsWith("drain: ");
        assertThat(ask("GET", "/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void is_not_ready_when_a_condition_cannot_be_told() throws Exception {
        readiness.require("snapshot", () -> {
            throw new IllegalStateException("no");
        });

        assertThat(ask("GET", "/readyz").body()).startsWith("snapshot: cannot be told");
    }

    @Test
    void shows_metrics_in_prometheus_text_format() throws Exception {
        HttpResponse<String> scraped = ask("GET", "/metrics");

        assertThat(scraped.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scraped.body()).contains("exeat_build_info{").contains("version=\"1.2.3\"");
    }

    @Test
    void answers_head_without_a_body() throws Exception {
        assertThat(ask("HEAD", "/livez").statusCode()).isEqualTo(200);
        assertThat(ask("HEAD", "/livez").body()).isEmpty();
    }

    @Test
    void refuses_other_paths_and_methods() throws Exception {
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/livez/").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/livez").statusCode()).isEqualTo(405);
        assertThat(ask("DELETE", "/readyz").headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void answers_while_many_clients_keep_their_requests_to_themselves() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), server.address().getPort());
                socket.getOutputStream().write("GET /livez HT".getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }

            assertThat(ask("GET", "/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void says_which_address_is_taken() {
        assertThatThrownBy(() -> AdminServer.start(server.address(), readiness, new Metrics("1")))
                .isInstanceOf(AdminServerException.class)
                .hasMessageContaining("--admin")
                .hasMessageContaining(String.valueOf(server.address().getPort()));
    }
}
