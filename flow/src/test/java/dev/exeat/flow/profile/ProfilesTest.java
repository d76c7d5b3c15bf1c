package dev.exeat.flow.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.MixerLineEncoder;
import dev.exeat.flow.Records;
import dev.exeat.model.LogEntry;
import dev.exeat.model.LogEntry.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each profile writes. */
class ProfilesTest {
    private static final LogOrigin ORIGIN = new LogOrigin("1.0", "gw-1", "unknown", "exeat-gateway");
    private static final Path REFERENCE = Path.of("../docs/records.md");

    private static String line(LogProfile profile, ConnectionRecord record) {
        return new String(profile.encoder(ORIGIN).encode(record), StandardCharsets.UTF_8);
    }

    private static JsonNode json(LogProfile profile, ConnectionRecord record) {
        return JsonMapper.shared().readTree(line(profile, record));
    }

    private static String text(JsonNode node, String path) {
        return node.at("/" + path.replace('.', '/')).asString("");
    }

    /** The documentation shows real lines. */
    @ParameterizedTest
    @EnumSource(LogProfile.class)
    void the_reference_has_the_lines_of_a_carried_and_of_a_denied_connection(LogProfile profile) throws Exception {
        String reference = Files.readString(REFERENCE);
        boolean opens = profile.encoder(ORIGIN).hasOpens();
        Stream<ConnectionRecord> told = opens
                ? Stream.of(Records.opened(), Records.closed(), Records.denied())
                : Stream.of(Records.closed(), Records.denied());

        assertThat(told.map(record -> line(profile, record)))
                .allSatisfy(line -> assertThat(reference).contains("\n" + line));
    }

    @ParameterizedTest
    @EnumSource(value = LogProfile.class, mode = EnumSource.Mode.EXCLUDE, names = "ISTIO")
    void an_identity_stands_whole(LogProfile profile) {
        ConnectionRecord record = Records.longIdentity();

        assertThat(line(profile, record)).contains(record.source().identity().principal() + "\"");
    }

    @Test
    void mixer_lines_are_those_of_the_samples_rule_byte_by_byte() {
        LogEntry entry = new LogEntry(
                new LogEntry.Stream(LogEntry.Stream.Target.STDOUT, "", true, 0, 0, 0),
                LogEntry.Level.INFO,
                Instant.parse("2026-01-02T03:04:05.699Z"),
                "egress-access.instance.istio-system",
                new TreeMap<>(Map.of(
                        "connectionEvent", new Value.Text("open"),
                        "destinationApp", new Value.Text(""),
                        "requestedServerName", new Value.Text("en.wikipedia.org"),
                        "source", new Value.Text("unknown"),
                        "sourceNamespace", new Value.Text("default"),
                        "sourcePrincipal", new Value.Text("cluster.local/ns/default/sa/sleep-us"),
                        "sourceWorkload", new Value.Text("exeat-gateway"))));

        assertThat(line(LogProfile.MIXER, Records.opened()))
                .isEqualTo(new String(new MixerLineEncoder().encode(entry), StandardCharsets.UTF_8));
    }

    @Test
    void mixer_says_unknown_of_what_is_not_known() {
        JsonNode least = json(LogProfile.MIXER, Records.least());

        assertThat(text(least, "connectionEvent")).isEqualTo("close");
        assertThat(List.of("requestedServerName", "sourceNamespace", "sourcePrincipal"))
                .allSatisfy(name -> assertThat(text(least, name)).isEqualTo("unknown"));
    }

    @Test
    void smokescreen_decides_once_and_closes_what_was_carried_under_the_same_id() {
        JsonNode open = json(LogProfile.SMOKESCREEN, Records.opened());
        JsonNode close = json(LogProfile.SMOKESCREEN, Records.closed());
        JsonNode deny = json(LogProfile.SMOKESCREEN, Records.denied());
        JsonNode failed = json(LogProfile.SMOKESCREEN, Records.least());

        assertThat(List.of(text(open, "msg"), text(close, "msg"), text(deny, "msg"), text(failed, "msg")))
                .containsExactly(
                        "CANONICAL-PROXY-DECISION",
                        "CANONICAL-PROXY-CN-CLOSE",
                        "CANONICAL-PROXY-DECISION",
                        "CANONICAL-PROXY-DECISION");
        assertThat(text(open, "id")).isEqualTo(text(close, "id")).isEqualTo("abc-7");
        assertThat(open.get("allow").asBoolean()).isTrue();
        assertThat(deny.get("allow").asBoolean()).isFalse();
        assertThat(failed.get("allow").asBoolean()).isTrue();
        assertThat(List.of(text(open, "level"), text(deny, "level"), text(failed, "level")))
                .containsExactly("info", "warning", "error");
        assertThat(close.get("bytes_in").asLong()).isEqualTo(1320);
        assertThat(close.get("duration").asDouble()).isEqualTo(1.53);
    }

    @ParameterizedTest
    @EnumSource(names = "SMOKESCREEN")
    void smokescreen_has_its_keys_in_the_order_of_their_names(LogProfile profile) {
        for (ConnectionRecord record : List.of(Records.opened(), Records.closed(), Records.denied(), Records.full())) {
            assertThat(List.copyOf(json(profile, record).propertyNames())).isSorted();
        }
    }

    @Test
    void ecs_events_have_their_types_and_one_transaction() {
        JsonNode open = json(LogProfile.ECS, Records.opened());
        JsonNode close = json(LogProfile.ECS, Records.closed());
        JsonNode deny = json(LogProfile.ECS, Records.denied());

        assertThat(open.at("/event/type").toString()).isEqualTo("[\"connection\",\"start\",\"allowed\"]");
        assertThat(close.at("/event/type").toString()).isEqualTo("[\"connection\",\"end\"]");
        assertThat(deny.at("/event/type").toString()).isEqualTo("[\"connection\",\"denied\"]");
        assertThat(text(open, "transaction.id"))
                .isEqualTo(text(close, "transaction.id"))
                .isEqualTo("abc-7");
        assertThat(text(close, "destination.ip")).isEqualTo("198.51.100.7");
        assertThat(close.at("/event/duration").asLong()).isEqualTo(1_530_000_000L);
        assertThat(text(deny, "event.reason")).isEqualTo("policy_denied");
        assertThat(text(deny, "event.outcome")).isEqualTo("failure");
        assertThat(text(deny, "rule.name")).isEqualTo("check-canada");
    }

    private static JsonNode record(ConnectionRecord record) {
        return json(LogProfile.OTEL, record).at("/resourceLogs/0/scopeLogs/0/logRecords/0");
    }

    private static String attribute(JsonNode record, String key) {
        for (JsonNode attribute : record.get("attributes")) {
            if (attribute.get("key").asString().equals(key)) {
                return attribute.get("value").iterator().next().asString();
            }
        }
        return "";
    }

    @Test
    void otel_records_have_names_severities_and_one_id() {
        JsonNode open = record(Records.opened());
        JsonNode close = record(Records.closed());
        JsonNode deny = record(Records.denied());

        assertThat(List.of(text(open, "eventName"), text(close, "eventName"), text(deny, "eventName")))
                .containsExactly("exeat.connection.open", "exeat.connection.close", "exeat.connection.deny");
        assertThat(text(close, "timeUnixNano")).isEqualTo("1767323047208000000");
        assertThat(open.get("severityNumber").asInt()).isEqualTo(9);
        assertThat(deny.get("severityNumber").asInt()).isEqualTo(13);
        assertThat(attribute(open, "exeat.connection.id"))
                .isEqualTo(attribute(close, "exeat.connection.id"))
                .isEqualTo("abc-7");
        assertThat(attribute(close, "exeat.bytes.sent")).isEqualTo("64810");
        assertThat(attribute(deny, "exeat.reason")).isEqualTo("policy_denied");
    }

    @Test
    void the_envelope_holds_many_records_at_once() {
        OtelProfile records = new OtelProfile();
        byte[] one = records.encode(Records.opened());
        byte[] two = new byte[one.length * 2];
        System.arraycopy(one, 0, two, 0, one.length);
        System.arraycopy(one, 0, two, one.length, one.length);

        JsonNode request = JsonMapper.shared().readTree(new OtelEnvelope(ORIGIN).around(two, two.length));

        assertThat(request.at("/resourceLogs/0/scopeLogs/0/logRecords")).hasSize(2);
        assertThat(request.at("/resourceLogs/0/resource/attributes/2/value/stringValue")
                        .asString())
                .isEqualTo("gw-1");
    }
}
