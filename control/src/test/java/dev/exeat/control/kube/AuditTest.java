package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.control.access.AuditLog;
import dev.exeat.testkit.Case;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AuditTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}";

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

    private JsonNode last() {
        return api.auditLines().getLast();
    }

    @Test
    @Case("A19")
    void tells_of_each_write_who_did_what_from_where_and_what_it_was_before() {
        api.send(api.operator, "POST", MAPS, MAP.formatted("m"));
        JsonNode created = last();
        assertThat(created.path("user").asString("")).isEqualTo("operator");
        assertThat(created.path("verb").asString("")).isEqualTo("create");
        assertThat(created.path("code").asInt()).isEqualTo(201);
        assertThat(created.path("source").asString("")).isEqualTo("127.0.0.1");
        assertThat(created.at("/changes/0/object").asString("")).isEqualTo("configmaps/default/m");
        assertThat(created.at("/changes/0/before").isNull()).isTrue();

        api.send(api.operator, "PATCH", MAPS + "/m", "{\"data\":{\"a\":\"b\"}}");
        JsonNode patched = last();
        assertThat(patched.at("/changes/0/before")).isEqualTo(created.at("/changes/0/after"));
        assertThat(patched.at("/changes/0/after").asString(""))
                .startsWith("sha256:")
                .isNotEqualTo(patched.at("/changes/0/before").asString(""));

        api.send(api.operator, "DELETE", MAPS + "/m", "");
        assertThat(last().at("/changes/0/before")).isEqualTo(patched.at("/changes/0/after"));
        assertThat(last().at("/changes/0/after").isNull()).isTrue();
        assertThat(api.auditLines()).hasSize(3);
    }

    @Test
    @Case("A19")
    void tells_of_each_object_that_a_namespace_takes_along() {
        api.send(api.operator, "POST", MAPS, MAP.formatted("m"));

        api.send(api.operator, "DELETE", "/api/v1/namespaces/default", "");

        assertThat(last().path("changes").findValuesAsString("object"))
                .containsExactly("namespaces//default", "configmaps/default/m");
    }

    @Test
    @Case("A19")
    void tells_of_what_was_refused_and_of_nobody_who_only_asks() {
        api.get(api.operator, MAPS);
        api.send(api.operator, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", """
                {"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""");
        assertThat(api.auditLines()).isEmpty();

        api.send(api.operator, "POST", MAPS, MAP.formatted("m"), "Impersonate-User", "jane");
        assertThat(last().path("user").asString("")).isEqualTo("jane");
        assertThat(last().path("impersonated_by").asString("")).isEqualTo("operator");
        assertThat(last().path("code").asInt()).isEqualTo(403);
        api.send(api.operator, "POST", MAPS, MAP.formatted("Bad_Name"));
        assertThat(last().path("code").asInt()).isEqualTo(422);
        api.send(api.operator, "POST", MAPS + "?dryRun=All", MAP.formatted("m"));
        assertThat(last().path("dry_run").asBoolean()).isTrue();
        assertThat(last().path("changes")).isEmpty();
    }

    @Test
    void names_from_the_network_are_one_line_of_plain_text() throws Exception {
        api.raw("DELETE /api/v1/namespaces/default/configmaps/%1b%5B31m%e2%80%ae%7f HTTP/1.1\r\nHost: a\r\n"
                + "Authorization: Bearer " + api.operator
                + "\r\nUser-Agent: a\tb\u009b\"}\r\nConnection: close\r\n\r\n");
        api.send(api.operator, "DELETE", MAPS + "/x", "", "User-Agent", "\"}\\u000a{\"code\":200");

        String text = Files.readString(api.data.resolve(AuditLog.FILE));
        assertThat(text.chars()).allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f);
        assertThat(api.auditLines().getLast().path("code").asInt()).isEqualTo(404);
    }

    @Test
    void strangers_leave_one_line_a_second() {
        for (int i = 0; i < 50; i++) {
            assertThat(api.send("wrong", "DELETE", MAPS + "/x", "").code()).isEqualTo(401);
        }

        assertThat(api.auditLines()).hasSizeLessThan(50);
        assertThat(last().path("code").asInt()).isEqualTo(401);
    }

    @Test
    void writes_nothing_where_it_cannot_tell_of_it() throws Exception {
        Path file = api.data.resolve(AuditLog.FILE);
        api.send(api.operator, "POST", MAPS, MAP.formatted("first"));
        Files.delete(file);
        Files.createDirectory(file);

        await().until(() -> api.send(api.operator, "POST", MAPS + "?dryRun=All", MAP.formatted("m"))
                        .code()
                == 503);
        assertThat(api.send(api.operator, "POST", MAPS, MAP.formatted("m")).code())
                .isEqualTo(503);
        assertThat(api.get(api.operator, MAPS + "/m").code()).isEqualTo(404);

        Files.delete(file);
        assertThat(api.send(api.operator, "POST", MAPS, MAP.formatted("m")).code())
                .isEqualTo(201);
        assertThat(api.auditLines().getFirst().path("lost_lines").asInt()).isPositive();
    }
}
