package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.kube.ApiUnderTest.Answer;
import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.store.Entry;
import dev.exeat.flow.store.FeedLine;
import dev.exeat.flow.store.FlowTable;
import dev.exeat.flow.store.MinuteLine;
import dev.exeat.identity.ClientAuthority;
import dev.exeat.model.SpiffeId;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The history over the API: who sees which connections. */
class FlowsApiTest {
    private static final String FLOWS = "/exeat/v1/flows";
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    private ApiUnderTest api;
    private FlowTable table;

    @BeforeEach
    void start() throws Exception {
        api = new ApiUnderTest(directory);
        table = api.flows.table();
        table.append(List.of(
                entry("a-1", "spiffe://cluster.local/ns/default/sa/sleep", "en.wikipedia.org"),
                entry("a-2", "spiffe://cluster.local/ns/other/sa/builder", "x.test"),
                entry("a-3", null, "y.test")));
    }

    @AfterEach
    void stop() throws Exception {
        table.close();
        api.close();
    }

    private static Entry entry(String id, @Nullable String identity, String host) {
        return Entry.of(
                new ConnectionRecord(
                        id,
                        TIME,
                        Event.FINAL,
                        "tunnel",
                        "connect-h2",
                        new ConnectionRecord.Source(identity == null ? null : SpiffeId.parse(identity), "10.0.0.1", 1),
                        new ConnectionRecord.Names(host, null, 443),
                        new ConnectionRecord.Route(List.of(), List.of(), List.of(), null),
                        new ConnectionRecord.Ruling(Verdict.ALLOWED, null, null, "", null, "01"),
                        null,
                        null,
                        new ConnectionRecord.Traffic(1, 2, ""),
                        new ConnectionRecord.Durations(1, 1, 1, 1, 1, 1)),
                new RecordEncoder());
    }

    private static List<String> ids(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(200);
        return answer.text()
                .lines()
                .map(FeedLine::parse)
                .filter(line -> !line.record().isEmpty())
                .map(line ->
                        JsonMapper.shared().readTree(line.record()).path("id").asString(""))
                .toList();
    }

    private ClientAuthority.Credentials jane() {
        return api.clients.issue(new ClientAuthority.Client("jane", List.of("team")), Duration.ofHours(1));
    }

    @Test
    void the_operator_sees_all_and_the_end_says_how_far() {
        Answer answer = api.get(api.operator, FLOWS);

        assertThat(ids(answer)).containsExactly("a-1", "a-2", "a-3");
        assertThat(answer.text()).endsWith("}\n{\"sequence\":3}\n");
        assertThat(ids(api.get(api.operator, FLOWS + "?last=2"))).containsExactly("a-2", "a-3");
        assertThat(ids(api.get(api.operator, FLOWS + "?after=2"))).containsExactly("a-3");
        assertThat(api.get(api.operator, FLOWS + "?last=0").text()).isEqualTo("{\"sequence\":3}\n");
        assertThat(ids(api.get(api.operator, FLOWS + "?where=host%3D*.wikipedia.org,x.test&where=!identity%3Dother/*")))
                .containsExactly("a-1");
        assertThat(ids(api.get(api.operator, FLOWS + "?since=2026-01-02T03:04:06Z")))
                .isEmpty();
    }

    @Test
    void nobody_sees_anything_without_a_proof_or_without_the_role() {
        assertThat(api.get("", FLOWS).code()).isEqualTo(401);
        assertThat(api.get("wrong", FLOWS + "/minutes").code()).isEqualTo(401);
        assertThat(api.get("", FLOWS + "?last=x").code()).isEqualTo(401);

        Answer refused = api.get(jane(), FLOWS);
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo("flows.exeat.dev is forbidden: User \"jane\" cannot list resource \"flows\" in API group"
                        + " \"exeat.dev\" at the cluster scope");
        assertThat(api.get(jane(), FLOWS + "?follow=true").code()).isEqualTo(403);
    }

    @Test
    void a_viewer_of_a_namespace_sees_its_connections_and_no_others() {
        api.bind("viewer", "default", "User", "jane");

        assertThat(ids(api.get(jane(), FLOWS))).containsExactly("a-1");
        assertThat(ids(api.get(jane(), FLOWS + "?last=1"))).containsExactly("a-1");
        assertThat(ids(api.get(jane(), FLOWS + "?where=!namespace%3Ddefault"))).isEmpty();
        Answer refused = api.get(jane(), FLOWS + "?where=namespace%3Dother");
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message()).contains("in the namespace \"other\"");
        assertThat(api.get(jane(), FLOWS + "/minutes")
                        .text()
                        .lines()
                        .map(MinuteLine::parse)
                        .map(sum -> sum.group().host()))
                .containsExactly("en.wikipedia.org");
    }

    @Test
    void a_viewer_everywhere_sees_those_without_an_identity_too() {
        api.bind("viewer", "", "Group", "team");

        assertThat(ids(api.get(jane(), FLOWS))).containsExactly("a-1", "a-2", "a-3");
        assertThat(api.get(jane(), FLOWS + "/minutes").text().lines()).hasSize(3);
        assertThat(api.get(jane(), FLOWS, "Impersonate-User", "joe").code()).isEqualTo(403);
        assertThat(ids(api.get(api.operator, FLOWS, "Impersonate-User", "joe", "Impersonate-Group", "team")))
                .hasSize(3);
    }

    @Test
    void who_follows_sees_what_comes_of_what_fits() throws Exception {
        try (SSLSocket socket = api.connect()) {
            socket.getOutputStream()
                    .write(("GET " + FLOWS + "?follow=true&after=1&where=!host%3D*.left HTTP/1.1\r\nHost: x\r\n"
                                    + "Authorization: Bearer " + api.operator + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            awaitLine(lines, "\"id\":\"a-2\"");
            awaitLine(lines, "\"id\":\"a-3\"");
            awaitLine(lines, "{\"sequence\":3}");
            table.append(List.of(entry("a-4", null, "is.left"), entry("a-5", null, "z.test")));
            assertThat(awaitLine(lines, "\"id\":\"a-")).contains("\"id\":\"a-5\"");
        }
    }

    @Test
    void a_record_that_cannot_be_read_ends_nobody_s_following() throws Exception {
        try (SSLSocket socket = api.connect()) {
            socket.getOutputStream()
                    .write(("GET " + FLOWS + "?follow=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.operator
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            awaitLine(lines, "{\"sequence\":3}");
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + api.data.resolve("flows.db"));
                    var statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO flow (sequence, time, id, writer, open, line)"
                        + " VALUES (4, 0, 'a-4', 1, 0, '{\"id\":5}')");
            }
            table.append(List.of(entry("a-5", null, "z.test")));
            assertThat(awaitLine(lines, "\"id\":\"a-")).contains("\"id\":\"a-5\"");
        }
    }

    private static String awaitLine(BufferedReader lines, String part) throws Exception {
        String line = lines.readLine();
        while (!line.contains(part)) {
            line = lines.readLine();
        }
        return line;
    }

    @ParameterizedTest
    @CsvSource({
        "where=colour%3Dred, where names no field",
        "since=yesterday, since is no time",
        "last=10001, last is a number from 0 to 10000",
        "last=-1, last is a number from 0 to 10000",
        "after=x, after is a number",
        "where=%ff, ''"
    })
    void refuses_what_cannot_be_meant(String query, String why) {
        Answer answer = api.get(api.operator, FLOWS + "?" + query);

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message()).contains(why);
    }

    @Test
    void refuses_what_is_no_escape() throws Exception {
        assertThat(api.raw(
                        "GET " + FLOWS + "?where=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                                + api.operator + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("invalid_query");
    }

    @Test
    void says_so_where_there_is_no_history() throws Exception {
        table.close();
        Files.delete(api.data.resolve("flows.db"));

        Answer answer = api.get(api.operator, FLOWS);

        assertThat(answer.code()).isEqualTo(503);
        assertThat(answer.message()).contains("there is no flow store");
        assertThat(api.get(api.operator, FLOWS + "?follow=true").code()).isEqualTo(503);
    }
}
