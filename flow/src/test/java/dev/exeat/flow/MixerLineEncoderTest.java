package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.IpAddress;
import dev.exeat.model.LogEntry;
import dev.exeat.model.LogEntry.Level;
import dev.exeat.model.LogEntry.Stream;
import dev.exeat.model.LogEntry.Stream.Target;
import dev.exeat.model.LogEntry.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixerLineEncoderTest {
    private static final Stream JSON = new Stream(Target.STDOUT, "", true, 100, 30, 10);
    private static final Stream CONSOLE = new Stream(Target.STDOUT, "", false, 100, 30, 10);
    private static final Instant TIME = Instant.parse("2019-01-10T17:33:55.559093999Z");

    private static String line(Stream stream, Level level, Map<String, Value> variables) {
        LogEntry entry =
                new LogEntry(stream, level, TIME, "egress-access.instance.istio-system", new TreeMap<>(variables));
        return new String(new MixerLineEncoder().encode(entry), StandardCharsets.UTF_8);
    }

    private static Value text(String value) {
        return new Value.Text(value);
    }

    @Test
    void writes_the_line_of_istios_task_byte_for_byte() {
        assertThat(line(
                        JSON,
                        Level.INFO,
                        Map.of(
                                "connectionEvent", text("open"),
                                "source", text("istio-egressgateway-with-sni-proxy"),
                                "sourceNamespace", text("default"),
                                "sourceWorkload", text("istio-egressgateway-with-sni-proxy"),
                                "sourcePrincipal", text("cluster.local/ns/default/sa/sleep-us"),
                                "requestedServerName", text("en.wikipedia.org"),
                                "destinationApp", text(""))))
                .isEqualTo("{\"level\":\"info\",\"time\":\"2019-01-10T17:33:55.559093Z\","
                        + "\"instance\":\"egress-access.instance.istio-system\",\"connectionEvent\":\"open\","
                        + "\"destinationApp\":\"\",\"requestedServerName\":\"en.wikipedia.org\","
                        + "\"source\":\"istio-egressgateway-with-sni-proxy\",\"sourceNamespace\":\"default\","
                        + "\"sourcePrincipal\":\"cluster.local/ns/default/sa/sleep-us\","
                        + "\"sourceWorkload\":\"istio-egressgateway-with-sni-proxy\"}\n");
    }

    @Test
    void writes_each_type_as_zap_does() {
        assertThat(line(
                        JSON,
                        Level.ERROR,
                        Map.of(
                                "B", new Value.Bool(true),
                                "_i", new Value.Int(-5),
                                "a", new Value.Decimal(2.5),
                                "d", new Value.Span(Duration.ofMillis(1500)),
                                "ip", new Value.Ip(IpAddress.parse("10.0.0.1")),
                                "m", new Value.TextMap(Map.of("y", "2", "x", "1")),
                                "t", new Value.Time(TIME))))
                .isEqualTo("{\"level\":\"error\",\"time\":\"2019-01-10T17:33:55.559093Z\","
                        + "\"instance\":\"egress-access.instance.istio-system\",\"B\":true,\"_i\":-5,\"a\":2.5,"
                        + "\"d\":\"1.5s\",\"ip\":\"10.0.0.1\",\"m\":{\"x\":\"1\",\"y\":\"2\"},"
                        + "\"t\":\"2019-01-10T17:33:55.559093Z\"}\n");
    }

    @Test
    void escapes_hostile_text_and_nothing_else() {
        String hostile = "a\"b\\c\r\n\t\u0001\u001f<script>&é\uD83D\uDE00\uD800";
        assertThat(line(JSON, Level.WARN, Map.of("v", text(hostile))))
                .endsWith("\"v\":\"a\\\"b\\\\c\\r\\n\\t\\u0001\\u001f<script>&é\uD83D\uDE00\\ufffd\"}\n")
                .hasLineCount(1);
    }

    @Test
    void writes_the_console_form_with_tabs() {
        assertThat(line(CONSOLE, Level.INFO, Map.of("v", text("x"))))
                .isEqualTo("2019-01-10T17:33:55.559093Z\tinfo\tegress-access.instance.istio-system\t{\"v\": \"x\"}\n");
        assertThat(line(
                        CONSOLE,
                        Level.ERROR,
                        Map.of("a", new Value.Int(1), "m", new Value.TextMap(Map.of("x", "1", "y", "\n")))))
                .isEqualTo("2019-01-10T17:33:55.559093Z\terror\tegress-access.instance.istio-system\t"
                        + "{\"a\": 1, \"m\": {\"x\":\"1\",\"y\":\"\\n\"}}\n");
        assertThat(line(CONSOLE, Level.WARN, Map.of()))
                .isEqualTo("2019-01-10T17:33:55.559093Z\twarn\tegress-access.instance.istio-system\n");
    }

    @Test
    void an_entry_without_variables_has_its_three_fields() {
        assertThat(line(JSON, Level.INFO, Map.of()))
                .isEqualTo("{\"level\":\"info\",\"time\":\"2019-01-10T17:33:55.559093Z\","
                        + "\"instance\":\"egress-access.instance.istio-system\"}\n");
    }

    @Test
    void an_instance_cannot_break_out_of_its_line() {
        for (Stream stream : new Stream[] {JSON, CONSOLE}) {
            LogEntry entry = new LogEntry(stream, Level.INFO, TIME, "a\r\n\t\u001b\"b", new TreeMap<>());
            String line = new String(new MixerLineEncoder().encode(entry), StandardCharsets.UTF_8);
            assertThat(line).hasLineCount(1).doesNotContain("\r").doesNotContain("\u001b");
        }
    }

    @Test
    void writes_durations_in_a_line() {
        assertThat(line(
                        JSON,
                        Level.INFO,
                        Map.of(
                                "a", new Value.Span(Duration.ZERO),
                                "b", new Value.Span(Duration.ofMillis(1500)),
                                "c", new Value.Span(Duration.ofSeconds(61)))))
                .endsWith(",\"a\":\"0s\",\"b\":\"1.5s\",\"c\":\"1m1s\"}\n");
    }

    @Test
    void long_hostile_text_stays_on_its_line() {
        String hostile = "<script>\r\n\"}\u0000".repeat(700);

        assertThat(line(JSON, Level.INFO, Map.of("v", text(hostile))))
                .hasLineCount(1)
                .endsWith("\"v\":\"" + "<script>\\r\\n\\\"}\\u0000".repeat(700) + "\"}\n");
    }

    @Test
    void sorts_names_and_keys_by_their_octets() {
        String smile = "\uD83D\uDE00";
        String full = "\uFF5E";
        assertThat(line(
                        JSON,
                        Level.INFO,
                        Map.of("connectionEvent", text("1"), "connection_x", text("2"), "Z", text("3"))))
                .endsWith(",\"Z\":\"3\",\"connectionEvent\":\"1\",\"connection_x\":\"2\"}\n");
        assertThat(line(JSON, Level.INFO, Map.of(smile, text("2"), full, text("1"))))
                .endsWith(",\"" + full + "\":\"1\",\"" + smile + "\":\"2\"}\n");
        assertThat(line(JSON, Level.INFO, Map.of("m", new Value.TextMap(Map.of(smile, "2", full, "1", "a", "0")))))
                .endsWith("{\"a\":\"0\",\"" + full + "\":\"1\",\"" + smile + "\":\"2\"}}\n");
    }

    @Test
    void keeps_an_order_that_somebody_chose() {
        TreeMap<String, Value> valueFirst = new TreeMap<>(Comparator.reverseOrder());
        valueFirst.put("a", text("1"));
        valueFirst.put("value", text("2"));
        LogEntry entry = new LogEntry(JSON, Level.INFO, TIME, "i", valueFirst);

        assertThat(new String(new MixerLineEncoder().encode(entry), StandardCharsets.UTF_8))
                .endsWith(",\"value\":\"2\",\"a\":\"1\"}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0, 0",
        "-0.0, -0",
        "1.0, 1",
        "100.0, 100",
        "0.1, 0.1",
        "2.5, 2.5",
        "1e21, 1000000000000000000000",
        "1e-7, 0.0000001",
        "2e-3, 0.002",
        "NaN, '\"NaN\"'",
        "Infinity, '\"+Inf\"'",
        "-Infinity, '\"-Inf\"'"
    })
    void writes_decimals_as_go_does(double value, String expected) {
        assertThat(line(JSON, Level.INFO, Map.of("d", new Value.Decimal(value))))
                .endsWith(",\"d\":" + expected + "}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "2019-01-10T17:33:55Z, 2019-01-10T17:33:55.000000Z",
        "2019-01-10T17:33:55.000000999Z, 2019-01-10T17:33:55.000000Z",
        "2019-12-31T23:59:59.999999999Z, 2019-12-31T23:59:59.999999Z",
        "0001-02-03T04:05:06.000007Z, 0001-02-03T04:05:06.000007Z",
        "1969-12-31T23:59:59.9Z, 1969-12-31T23:59:59.900000Z"
    })
    void times_have_six_digits_and_are_never_rounded_up(String instant, String expected) {
        assertThat(UtcTime.text(Instant.parse(instant))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1500000000, 1.5s",
        "61000000000, 1m1s",
        "600000000, 600ms",
        "123400000000, 2m3.4s",
        "3600000000000, 1h0m0s",
        "1500, 1.5µs",
        "999, 999ns",
        "-1500000000, -1.5s",
        "90061000000000, 25h1m1s",
        "1, 1ns",
        "60000000000, 1m0s",
        "600000000000, 10m0s",
        "9223372036854775807, 2562047h47m16.854775807s"
    })
    void writes_durations_as_go_does(long nanos, String expected) {
        assertThat(GoDuration.text(Duration.ofNanos(nanos))).isEqualTo(expected);
    }

    @Test
    void durations_longer_than_go_holds_are_its_longest() {
        assertThat(GoDuration.text(Duration.ofDays(1_000_000))).isEqualTo("2562047h47m16.854775807s");
        assertThat(GoDuration.text(Duration.ofDays(-1_000_000))).isEqualTo("-2562047h47m16.854775807s");
    }
}
