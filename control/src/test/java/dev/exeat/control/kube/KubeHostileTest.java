package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.control.kube.ApiUnderTest.Answer;
import dev.exeat.testkit.Case;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are known and mean no good. */
class KubeHostileTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

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

    private String head(String line, String token, String... headers) {
        StringBuilder head = new StringBuilder(line)
                .append(" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ")
                .append(token)
                .append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    @ParameterizedTest
    @Case("M14")
    @ValueSource(
            strings = {
                "/api/v1/namespaces/default%2f..%2fkube-system/configmaps",
                "/api/v1/namespaces/%2e%2e/configmaps",
                "/api/v1//namespaces",
                "/api/v1/namespaces/%00/configmaps",
                "/api/v1/namespaces/a%5cb/configmaps",
                "/api/v1/namespaces/%c0%ae/configmaps",
                "/api/v1/namespaces/..;/configmaps",
                "/../../etc/passwd",
                "/api/v1/namespaces/%zz/configmaps"
            })
    void refuses_paths_that_two_readers_read_differently(String path) throws Exception {
        assertThat(api.raw(head("GET " + path, api.operator, "Connection: close")))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    @Case("M14")
    void names_of_objects_are_no_paths() {
        for (String name : List.of("../../etc/cron.d/x", "a/b", "%2e%2e", "..", "a\\u0000b", "A", "x".repeat(300))) {
            Answer refused = api.send(
                    api.operator,
                    "POST",
                    MAPS,
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"}}");
            assertThat(refused.code()).as(name).isEqualTo(422);
        }
        assertThat(api.get(api.operator, MAPS).json().path("items")).isEmpty();
    }

    @Test
    @Case("M15")
    void refuses_bodies_that_are_too_large_too_deep_or_of_too_many_parts() throws Exception {
        String large = api.raw(head("POST " + MAPS, api.operator, "Content-Length: 104857600"));
        assertThat(large).startsWith("HTTP/1.1 413").contains("Connection: close");
        for (String body : List.of(
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "[" + "0,".repeat(1_000_000) + "0]",
                "{\"n\":" + "1".repeat(100_000) + "}",
                "{\"n\":1e999999999}",
                "not json",
                "k8s\0\n\uffff")) {
            Answer refused = api.send(api.operator, "POST", MAPS, body);
            assertThat(refused.code())
                    .as(body.substring(0, Math.min(8, body.length())))
                    .isIn(400, 422);
            assertThat(refused.text().length()).isLessThan(2000);
        }
    }

    @Test
    @Case("M02")
    void yaml_that_grows_when_it_is_read_is_refused_at_once() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ",").repeat(10)).append("]\n");
        }
        for (String body : List.of(
                bomb.toString(), "a: ".repeat(5000), "- ".repeat(100_000), "a: &a [*a]\n", "[".repeat(50_000) + ":")) {
            long before = System.nanoTime();
            Answer posted = api.send(api.operator, "POST", MAPS, body, "Content-Type", "application/yaml");
            assertThat(posted.code()).isIn(400, 415, 422);
            Answer applied = api.send(
                    api.operator,
                    "PATCH",
                    MAPS + "/x?fieldManager=me",
                    body,
                    "Content-Type",
                    "application/apply-patch+yaml");
            assertThat(applied.code()).isIn(400, 422);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            assertThat(posted.text().length()).isLessThan(10_000);
        }
    }

    @Test
    void patches_that_grow_when_they_are_applied_are_refused() {
        assertThat(api.send(api.operator, "POST", MAPS, """
                        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","annotations":{"a":"b"}}}""").code()).isEqualTo(201);
        StringBuilder copies = new StringBuilder("[");
        for (int i = 0; i < 50; i++) {
            copies.append(i == 0 ? "" : ",")
                    .append("{\"op\":\"copy\",\"from\":\"/metadata\",\"path\":\"/metadata/x")
                    .append(i)
                    .append("\"}");
        }
        Answer refused = api.send(
                api.operator,
                "PATCH",
                MAPS + "/m",
                copies.append(']').toString(),
                "Content-Type",
                "application/json-patch+json");
        assertThat(refused.code()).isEqualTo(422);
    }

    @Test
    void a_collection_is_deleted_as_its_preconditions_say_or_not_at_all() {
        for (String name : List.of("a", "b")) {
            api.send(api.operator, "POST", MAPS, """
                    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"}}""".formatted(name));
        }
        Answer refused = api.send(api.operator, "DELETE", MAPS, """
                {"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"other"}}""");
        assertThat(refused.code()).isEqualTo(409);
        refused = api.send(api.operator, "DELETE", MAPS, """
                {"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Sideways"}""");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(api.get(api.operator, MAPS).json().path("items")).hasSize(2);
        assertThat(api.send(api.operator, "DELETE", MAPS, """
                        {"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background"}""").code()).isEqualTo(200);
        assertThat(api.get(api.operator, MAPS).json().path("items")).isEmpty();
    }

    @Test
    @Case("M15")
    void reads_nothing_of_a_body_whose_sender_may_not_write() throws Exception {
        try (SSLSocket socket = api.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("POST " + MAPS, "wrong", "Content-Length: 1000000").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void takes_labels_and_selectors_by_the_thousand_and_refuses_endless_ones() throws Exception {
        StringBuilder labels = new StringBuilder("\"l0\":\"v\"");
        for (int i = 1; i < 5000; i++) {
            labels.append(",\"l").append(i).append("\":\"v\"");
        }
        Answer made = api.send(api.operator, "POST", MAPS, """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","labels":{%s}}}""".formatted(labels));
        assertThat(made.code()).isEqualTo(201);
        String selector = "l1%3Dv%2C".repeat(500) + "l2%3Dv";
        assertThat(api.get(api.operator, MAPS + "?labelSelector=" + selector)
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(api.raw(head("GET " + MAPS + "?labelSelector=" + "a".repeat(17_000), api.operator)))
                .startsWith("HTTP/1.1 414");
        assertThat(api.raw(head("GET " + MAPS, api.operator, "X-Pad: " + "a".repeat(17_000))))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void one_user_does_not_take_all_watches() throws Exception {
        List<SSLSocket> watches = new ArrayList<>();
        try {
            for (int i = 0; i < WatchPlaces.MOST_OF_ONE; i++) {
                SSLSocket socket = api.connect();
                watches.add(socket);
                watch(socket);
                assertThat(statusOf(socket)).isEqualTo("HTTP/1.1 200");
            }
            Answer refused = api.get(api.operator, MAPS + "?watch=true");
            assertThat(refused.code()).isEqualTo(429);
            api.bind("viewer", "", "User", "jane");
            assertThat(api.get(api.operator, MAPS + "?watch=true&timeoutSeconds=1", "Impersonate-User", "jane")
                            .code())
                    .isEqualTo(200);
        } finally {
            for (SSLSocket socket : watches) {
                socket.setSoTimeout(1); // Else it waits for the server's end of TLS.
                socket.close();
            }
        }
        // Though nothing changes, it is noticed who is gone.
        await().atMost(Duration.ofSeconds(10))
                .until(() -> api.get(api.operator, MAPS + "?watch=true&timeoutSeconds=1")
                                .code()
                        == 200);
    }

    private void watch(SSLSocket socket) throws Exception {
        socket.getOutputStream()
                .write(head("GET " + MAPS + "?watch=true", api.operator).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String statusOf(SSLSocket socket) throws Exception {
        InputStream in = socket.getInputStream();
        byte[] status = new byte[12];
        assertThat(in.readNBytes(status, 0, 12)).isEqualTo(12);
        return new String(status, StandardCharsets.US_ASCII);
    }
}
