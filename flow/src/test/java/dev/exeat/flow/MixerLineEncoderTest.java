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
                .isEqualTo("2019-01-10T17:33:55.559093Z\tinfo\tegress-access.instance.istio-system\t{\"v\":\"x\"}\n");
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
        "90061000000000, 25h1m1s"
    })
    void writes_durations_as_go_does(long nanos, String expected) {
        assertThat(GoDuration.text(Duration.ofNanos(nanos))).isEqualTo(expected);
    }
}
