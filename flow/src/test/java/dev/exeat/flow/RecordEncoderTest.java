package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordEncoderTest {
    static ConnectionRecord record(ConnectionRecord.Verdict verdict, @Nullable Reason reason, String rawName) {
        return new ConnectionRecord(
                "abc-1",
                Instant.parse("2026-01-02T03:04:05.678Z"),
                "tunnel",
                "connect-h2",
                new ConnectionRecord.Source(
                        SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep-us"), "10.1.2.3", 4567),
                new ConnectionRecord.Names("en.wikipedia.org", "gw.test", 443),
                new ConnectionRecord.Route(
                        List.of("1.2.3.4"), List.of("10.0.0.5 private"), List.of("cdn.test"), "1.2.3.4:443"),
                new ConnectionRecord.Ruling(
                        verdict,
                        Reason.POLICY_DENIED,
                        reason,
                        "PERMISSION_DENIED:x",
                        new PolicyRef(new ObjectKey("config.istio.io", "rule", "istio-system", "check"), 0),
                        "0123456789abcdef"),
                new HelloFacts(
                        new ServerName("en.wikipedia.org"),
                        rawName,
                        List.of(0x0304, 0x0303),
                        List.of("h2"),
                        true,
                        true,
                        517),
                new ConnectionRecord.OuterTls("TLSv1.3", "h2"),
                new ConnectionRecord.Traffic(10, 20, "upstream_reset"),
                new ConnectionRecord.Durations(1_000, 2_000, 3_000, 4_000, 5_000, 6_000));
    }

    private static String line(String rawName) {
        return new String(
                new RecordEncoder().encode(record(ConnectionRecord.Verdict.DENIED, Reason.POLICY_DENIED, rawName)),
                StandardCharsets.UTF_8);
    }

    @Test
    void writes_every_field_in_its_order() {
        assertThat(line("EN.wikipedia.org"))
                .isEqualTo(
                        "{\"version\":1,\"time\":\"2026-01-02T03:04:05.678Z\",\"id\":\"abc-1\",\"event\":\"final\","
                                + "\"listener\":\"tunnel\",\"mode\":\"connect-h2\","
                                + "\"identity\":\"spiffe://cluster.local/ns/default/sa/sleep-us\",\"namespace\":\"default\","
                                + "\"service_account\":\"sleep-us\",\"source_address\":\"10.1.2.3\",\"source_port\":4567,"
                                + "\"sni\":\"en.wikipedia.org\",\"sni_raw\":\"EN.wikipedia.org\",\"connect_name\":\"en.wikipedia.org\","
                                + "\"outer_sni\":\"gw.test\",\"port\":443,\"resolved\":[\"1.2.3.4\"],"
                                + "\"dropped\":[\"10.0.0.5 private\"],\"cnames\":[\"cdn.test\"],\"dialled_address\":\"1.2.3.4:443\","
                                + "\"verdict\":\"denied\",\"would_verdict\":\"denied\",\"would_reason\":\"policy_denied\","
                                + "\"reason\":\"policy_denied\",\"message\":\"PERMISSION_DENIED:x\","
                                + "\"rule\":{\"kind\":\"rule\",\"namespace\":\"istio-system\",\"name\":\"check\",\"index\":0},"
                                + "\"policy_digest\":\"0123456789abcdef\","
                                + "\"hello\":{\"tls_versions\":[\"TLSv1.3\",\"TLSv1.2\"],\"alpn\":[\"h2\"],\"ech\":true,"
                                + "\"post_quantum\":true,\"size\":517},\"outer_tls\":{\"version\":\"TLSv1.3\",\"alpn\":\"h2\"},"
                                + "\"bytes_received\":10,\"bytes_sent\":20,\"flag\":\"upstream_reset\","
                                + "\"durations_us\":{\"handshake\":1,\"hello\":2,\"decide\":3,\"dns\":4,\"dial\":5,\"total\":6}}\n");
    }

    @Test
    void hostile_text_stays_on_its_line_and_within_its_bound() {
        String hostile = "x\r\n{\"verdict\":\"allowed\"}\u0000\uD800".repeat(100);

        assertThat(line(hostile))
                .hasLineCount(1)
                .doesNotContain("\r")
                .doesNotContain("\u0000")
                .hasSizeLessThan(3000);
    }

    @Test
    void every_field_stands_in_the_reference() throws Exception {
        String reference = Files.readString(Path.of("../docs/records.md"));
        Pattern.compile("\"([a-z_]+)\":")
                .matcher(line("x"))
                .results()
                .map(m -> m.group(1))
                .forEach(field -> assertThat(reference).as(field).contains("`" + field + "`"));
    }

    @Test
    void every_metric_stands_in_the_reference_and_none_is_named_by_the_network() throws Exception {
        Metrics metrics = new Metrics("1");
        for (int i = 0; i < 1000; i++) {
            metrics.ended(
                    ListenerKind.TUNNEL,
                    record(ConnectionRecord.Verdict.DENIED, Reason.SNI_INVALID, "n" + i + ".test"));
        }
        metrics.ended(ListenerKind.TUNNEL, record(ConnectionRecord.Verdict.ALLOWED, null, "a.test"));
        metrics.workloadEnded(Reason.GATEWAY_DENIED, 1, 2);
        metrics.resolved("network", 1);
        metrics.inForce("0123", 1);
        metrics.reloaded(0, 1);
        metrics.showActive(ListenerKind.TUNNEL, () -> 3);
        metrics.showSvidEnd(() -> 5);
        String scrape = new String(metrics.scrape(), StandardCharsets.UTF_8);
        String reference = Files.readString(Path.of("../docs/metrics.md"));

        assertThat(scrape)
                .doesNotContain("wikipedia")
                .doesNotContain("n999")
                .contains(
                        "exeat_connections_total{listener=\"tunnel\",reason=\"sni_invalid\",verdict=\"denied\"} 1000.0");
        assertThat(scrape.lines().count()).isLessThan(500);
        Pattern.compile("^# HELP (exeat_[a-z_]+)", Pattern.MULTILINE)
                .matcher(scrape)
                .results()
                .map(m -> m.group(1))
                .forEach(name -> assertThat(reference).as(name).contains("`" + name + "`"));
    }
}
