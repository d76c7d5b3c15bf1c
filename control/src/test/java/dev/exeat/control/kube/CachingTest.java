package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients keep of discovery and schemas, and ask about again. */
class CachingTest {
    private static final String AGGREGATED =
            "Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

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

    private String ask(String method, String path, String... headers) throws IOException {
        StringBuilder request =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
        request.append("Authorization: Bearer ").append(api.operator).append("\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return api.raw(request.append("\r\n").toString());
    }

    private static String header(String answer, String name) {
        return answer.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    @Test
    void discovery_that_a_client_has_is_not_sent_again() throws Exception {
        String first = ask("GET", "/apis", AGGREGATED);
        String tag = header(first, "ETag");
        assertThat(tag).matches("\"[0-9A-F]{64}\"");
        assertThat(header(first, "Vary")).isEqualTo("Accept");
        for (String known : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
            String again = ask("GET", "/apis", AGGREGATED, "If-None-Match: " + known);
            assertThat(again).startsWith("HTTP/1.1 304").endsWith("\r\n\r\n");
            // Clients put these headers over those of what they have.
            assertThat(again).doesNotContain("Content-Type", "Content-Length", "Transfer-Encoding");
            assertThat(header(again, "ETag")).isEqualTo(tag);
        }
        assertThat(ask("GET", "/apis", AGGREGATED, "If-None-Match: \"x\"")).startsWith("HTTP/1.1 200");
        assertThat(header(ask("GET", "/api", AGGREGATED), "ETag")).isNotEqualTo(tag);
    }

    @Test
    void schemas_are_found_by_their_hash_and_kept_for_ever() throws Exception {
        String url = api.get(api.operator, "/openapi/v3")
                .json()
                .at("/paths/api~1v1/serverRelativeURL")
                .asString();
        String document = ask("GET", url);
        assertThat(document).startsWith("HTTP/1.1 200").contains("io.k8s.api.core.v1.Namespace");
        assertThat(header(document, "Cache-Control")).contains("immutable");
        String older = ask("GET", "/openapi/v3/api/v1?hash=0123");
        assertThat(older).startsWith("HTTP/1.1 301");
        assertThat(header(older, "Location")).isEqualTo(url);
        assertThat(ask("GET", "/openapi/v3/api/v1", "If-None-Match: " + header(document, "ETag")))
                .startsWith("HTTP/1.1 304");
    }

    @Test
    void objects_have_no_head() throws Exception {
        assertThat(ask("HEAD", "/api/v1/namespaces")).startsWith("HTTP/1.1 405").endsWith("\r\n\r\n");
        assertThat(ask("HEAD", "/api/v1/namespaces/default")).startsWith("HTTP/1.1 405");
        assertThat(ask("HEAD", "/apis")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
    }
}
