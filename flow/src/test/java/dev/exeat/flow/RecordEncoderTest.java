package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Route;
import dev.exeat.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordEncoderTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    private static String line(ConnectionRecord record) {
        return new String(new RecordEncoder().encode(record), StandardCharsets.UTF_8);
    }

    @Test
    void writes_every_field_in_its_order() {
        assertThat(line(Records.full()))
                .isEqualTo(
                        "{\"version\":1,\"time\":\"2026-01-02T03:04:05.678000Z\",\"id\":\"abc-1\","
                                + "\"event\":\"final\",\"listener\":\"tunnel\",\"mode\":\"connect-h2\","
                                + "\"identity\":\"spiffe://cluster.local/ns/default/sa/sleep-us\",\"namespace\":\"default\","
                                + "\"service_account\":\"sleep-us\",\"source_address\":\"10.1.2.3\",\"source_port\":4567,"
                                + "\"sni\":\"en.wikipedia.org\",\"sni_raw\":\"EN.wikipedia.org\","
                                + "\"connect_name\":\"en.wikipedia.org\",\"outer_sni\":\"gw.test\",\"port\":443,"
                                + "\"resolved\":[\"1.2.3.4\"],\"dropped\":[\"10.0.0.5 private\"],\"cnames\":[\"cdn.test\"],"
                                + "\"dialled_address\":\"1.2.3.4:443\",\"verdict\":\"denied\",\"would_verdict\":\"denied\","
                                + "\"would_reason\":\"policy_denied\",\"reason\":\"policy_denied\","
                                + "\"message\":\"PERMISSION_DENIED:x\",\"rule\":{\"kind\":\"rule\","
                                + "\"namespace\":\"istio-system\",\"name\":\"check\",\"index\":0},"
                                + "\"nearest_miss\":\"EgressPolicy/default/a: *.test.org does not cover test.org itself\","
                                + "\"policy_digest\":\"0123456789abcdef\",\"until\":\"2026-01-31T00:00:00Z\",\"days_left\":28,"
                                + "\"marks\":[\"AuthorizationPolicy/default/watch\"],"
                                + "\"shadow\":{\"verdict\":\"allowed\",\"reason\":\"policy_denied\","
                                + "\"message\":\"no EgressPolicy allows it\",\"rule\":{\"kind\":\"EgressPolicy\","
                                + "\"namespace\":\"default\",\"name\":\"b\",\"index\":1},"
                                + "\"digest\":\"fedcba9876543210\",\"before_hello\":true},\"hello\":{\"tls_versions\":[\"TLSv1.3\",\"TLSv1.2\"],"
                                + "\"alpn\":[\"h2\"],\"ech\":true,\"post_quantum\":true,\"size\":517},"
                                + "\"outer_tls\":{\"version\":\"TLSv1.3\",\"alpn\":\"h2\",\"resumed\":true},"
                                + "\"bytes_received\":10,\"bytes_sent\":20,\"flag\":\"upstream_reset\","
                                + "\"durations_us\":{\"handshake\":1,\"hello\":2,\"decide\":3,\"dns\":4,\"dial\":5,\"total\":6}}\n");
    }

    @Test
    void leaves_out_what_is_absent() {
        assertThat(line(Records.least()))
                .isEqualTo("{\"version\":1,\"time\":\"2026-01-02T03:04:05.678000Z\",\"id\":\"abc-2\","
                        + "\"event\":\"final\",\"listener\":\"tunnel\",\"mode\":\"unknown\","
                        + "\"source_address\":\"10.1.2.3\",\"source_port\":4567,\"verdict\":\"failed\","
                        + "\"reason\":\"handshake_failed\",\"bytes_received\":0,\"bytes_sent\":0,"
                        + "\"durations_us\":{\"total\":6}}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n{\"verdict\":\"allowed\"}",
                "\"\\,}]",
                "</script><script>alert(1)</script>",
                "\u0000\u0007\u0008\u001b[2J\u001b]0;owned\u0007",
                "\u007f\u0085\u009b31m",
                "\u2028\u2029\u202e\ufeff",
                "${jndi:ldap://x}",
                "é\uD83D\uDE00"
            })
    void hostile_text_reads_back_the_same_from_one_line_of_printable_ascii(String hostile) {
        String line = line(Records.hostile(hostile));
        JsonNode read = MAPPER.readTree(line);

        assertThat(line).matches("[ -~]+\n");
        String expected = hostile.replace('\u007f', '\uFFFD');
        assertThat(read.get("sni_raw").asString()).isEqualTo(expected);
        assertThat(read.get("connect_name").asString()).isEqualTo(expected);
        assertThat(read.get("outer_sni").asString()).isEqualTo(expected);
        assertThat(read.get("message").asString()).isEqualTo(expected);
        assertThat(read.get("cnames").get(1).asString()).isEqualTo(expected);
        assertThat(read.get("hello").get("alpn").get(0).asString()).isEqualTo(expected);
        assertThat(read.get("verdict").asString()).isEqualTo("denied");
    }

    @ParameterizedTest
    @CsvSource({"d800, fffd", "dc00 d800, fffd fffd", "61 d83d, 61 fffd", "d83d d83d de00, fffd d83d de00"})
    void lone_surrogates_become_the_replacement_character(String units, String expected) {
        JsonNode read = MAPPER.readTree(line(Records.hostile(text(units))));

        assertThat(read.get("sni_raw").asString()).isEqualTo(text(expected));
    }

    private static String text(String units) {
        StringBuilder text = new StringBuilder();
        for (String unit : units.split(" ", -1)) {
            text.append((char) Integer.parseInt(unit, 16));
        }
        return text.toString();
    }

    @Test
    void caps_names_at_255_and_messages_at_1024_characters_and_lists_at_64() {
        JsonNode read = MAPPER.readTree(line(Records.hostile("n".repeat(10_000))));

        assertThat(read.get("sni_raw").asString()).hasSize(255);
        assertThat(read.get("message").asString()).hasSize(1024);
        ConnectionRecord usual = Records.full();
        ConnectionRecord many = new ConnectionRecord(
                usual.id(),
                usual.time(),
                ConnectionRecord.Event.FINAL,
                usual.listener(),
                usual.mode(),
                usual.source(),
                usual.names(),
                new Route(Collections.nCopies(1000, "1.2.3.4"), List.of(), List.of(), null),
                usual.ruling(),
                usual.hello(),
                usual.outerTls(),
                usual.traffic(),
                usual.durations());
        assertThat(MAPPER.readTree(line(many)).get("resolved").size()).isEqualTo(64);
    }

    @Test
    void an_identity_stands_whole_for_cut_off_it_would_be_another() {
        ConnectionRecord record = Records.longIdentity();

        JsonNode read = MAPPER.readTree(line(record));

        assertThat(SpiffeId.parse(read.get("identity").asString()))
                .isEqualTo(record.source().identity());
        assertThat(read.get("namespace").asString()).hasSize(501);
    }

    @Test
    void cuts_no_character_in_half() {
        JsonNode read = MAPPER.readTree(line(Records.hostile("x" + "\uD83D\uDE00".repeat(200))));

        assertThat(read.get("sni_raw").asString()).isEqualTo("x" + "\uD83D\uDE00".repeat(127));
        assertThat(MAPPER.readTree(line(Records.hostile("\uD83D\uDE00".repeat(200))))
                        .get("sni_raw")
                        .asString())
                .isEqualTo("\uD83D\uDE00".repeat(127) + "\uFFFD");
    }

    @Test
    void durations_are_microseconds_and_those_of_steps_not_reached_are_left_out() {
        ConnectionRecord usual = Records.full();
        ConnectionRecord record = new ConnectionRecord(
                usual.id(),
                usual.time(),
                ConnectionRecord.Event.FINAL,
                usual.listener(),
                usual.mode(),
                usual.source(),
                usual.names(),
                usual.route(),
                usual.ruling(),
                null,
                null,
                usual.traffic(),
                new Durations(-1, 999, 1_999, -1, 0, 86_400_000_000_000L));

        assertThat(MAPPER.readTree(line(record)).get("durations_us").toString())
                .isEqualTo("{\"hello\":0,\"decide\":1,\"dial\":0,\"total\":86400000000}");
    }
}
