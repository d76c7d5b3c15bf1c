package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Watches over WebSocket, with the client of the JDK. */
@Timeout(60)
class WatchSocketTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP = """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"}}""";

    @TempDir
    Path directory;

    private ApiUnderTest api;

    @BeforeEach
    void serve() throws Exception {
        api = new ApiUnderTest(directory);
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    /** What comes, message by message. */
    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        JsonNode next() throws InterruptedException {
            String message = messages.poll(10, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return JsonMapper.shared().readTree(message);
        }

        String nextEvent() throws InterruptedException {
            JsonNode event = next();
            return event.path("type").asString() + " "
                    + event.at("/object/metadata/name").asString("");
        }
    }

    private WebSocket open(Received received, String query, String... headers) {
        return api.socket(api.operator, MAPS + "?watch=true" + query, received, headers);
    }

    private void create(String name) {
        assertThat(api.send(api.operator, "POST", MAPS, MAP.formatted(name)).code())
                .isEqualTo(201);
    }

    @Test
    void each_event_is_a_message_of_text() throws Exception {
        create("a");
        Received received = new Received();
        WebSocket socket = open(received, "&timeoutSeconds=600");
        assertThat(received.nextEvent()).isEqualTo("ADDED a");

        create("b");
        assertThat(received.nextEvent()).isEqualTo("ADDED b");
        assertThat(api.send(api.operator, "PATCH", MAPS + "/b", "{\"data\":{\"k\":\"v\"}}")
                        .code())
                .isEqualTo(200);
        JsonNode changed = received.next();
        assertThat(changed.path("type").asString()).isEqualTo("MODIFIED");
        assertThat(changed.at("/object/data/k").asString()).isEqualTo("v");
        api.send(api.operator, "DELETE", MAPS + "/b", "");
        assertThat(received.nextEvent()).isEqualTo("DELETED b");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(received.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void goes_on_from_a_version_with_bookmarks_and_ends_in_its_time() throws Exception {
        create("a");
        String version = api.get(api.operator, MAPS)
                .json()
                .at("/metadata/resourceVersion")
                .asString();
        create("b");
        Received received = new Received();
        WebSocket socket = open(
                received,
                "&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion="
                        + version,
                "Sec-WebSocket-Protocol",
                "base64.binary.k8s.io");
        assertThat(socket.getSubprotocol()).isEqualTo("base64.binary.k8s.io");
        assertThat(List.of(received.nextEvent(), received.nextEvent())).containsExactly("ADDED a", "ADDED b");
        assertThat(received.next().at("/object/metadata/annotations").has("k8s.io/initial-events-end"))
                .isTrue();
        assertThat(received.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void what_is_wrong_is_told_before_it_opens() {
        assertRefused(400, "&resourceVersion=x");
        assertRefused(403, "", "Impersonate-User", "jane");
        assertThatThrownBy(() -> api.socket("wrong", MAPS + "?watch=true", new Received()))
                .satisfies(e -> assertThat(status(e)).isEqualTo(401));
    }

    @Test
    void a_page_of_another_origin_opens_none() throws Exception {
        assertRefused(403, "", "Origin", "https://evil.test");
        assertRefused(403, "", "Origin", "null");
        Received received = new Received();
        open(received, "", "Origin", "https://" + api.authority()).sendClose(1000, "");
        assertThat(received.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void places_are_those_of_all_watches_and_free_again_at_once() {
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < WatchPlaces.MOST_OF_ONE; i++) {
            sockets.add(open(new Received(), "&timeoutSeconds=600"));
        }
        assertRefused(429, "");
        assertThat(api.get(api.operator, MAPS + "?watch=true&timeoutSeconds=1").code())
                .isEqualTo(429);
        sockets.forEach(WebSocket::abort);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> api.get(api.operator, MAPS + "?watch=true&timeoutSeconds=1")
                                .code()
                        == 200);
    }

    private void assertRefused(int status, String query, String... headers) {
        assertThatThrownBy(() -> open(new Received(), query, headers))
                .satisfies(e -> assertThat(status(e)).isEqualTo(status));
    }

    private static int status(Throwable e) {
        Throwable cause = e instanceof CompletionException ? e.getCause() : e;
        return ((WebSocketHandshakeException) cause).getResponse().statusCode();
    }
}
