package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.LogEntry;
import dev.exeat.model.LogEntry.Value;
import dev.exeat.model.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportTest {

    private static PolicyFixture log(String handler, String instance) {
        return new PolicyFixture()
                .yaml(MixerChecksTest.object("stdio", "h", "istio-system", handler)
                        + MixerChecksTest.object("logentry", "l", "istio-system", instance)
                        + MixerChecksTest.rule("r", "istio-system", "", "h.stdio", "l.logentry"));
    }

    private static ReportEvent event(ReportEvent.Event event, @Nullable CheckStatus check) {
        return new ReportEvent(
                PolicyFixture.attempt("sleep", "a.test"),
                event,
                PolicyFixture.NOW.plusSeconds(3),
                new ByteCounts(10, 20, 100, 200),
                Duration.ofMillis(1500),
                new InetSocketAddress("192.0.2.9", 8443),
                check);
    }

    @Test
    void tells_the_facts_of_the_event() {
        PolicyFixture policy = log("outputAsJson: false", """
                severity: '"warn"'
                timestamp: context.time
                variables:
                  event: connection.event
                  got: connection.received.bytes
                  gotAll: connection.received.bytes_total
                  sent: connection.sent.bytes
                  sentAll: connection.sent.bytes_total
                  took: connection.duration
                  ip: destination.ip
                  port: destination.port
                  mtls: connection.mtls
                  labels: source.labels
                  half: 0.5
                  code: check.error_code | 0
                  text: check.error_message | "-"
                  hit: check.cache_hit
                """);

        List<LogEntry> entries = policy.snapshot()
                .report(event(
                        ReportEvent.Event.CLOSE,
                        CheckStatus.of(Reason.POLICY_DENIED, "PERMISSION_DENIED:h.ns:x is blacklisted")));

        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(LogEntry.Level.WARN);
            assertThat(entry.time()).isEqualTo(PolicyFixture.NOW.plusSeconds(3));
            assertThat(entry.instance()).isEqualTo("l.logentry.istio-system");
            assertThat(entry.stream().json()).isFalse();
            assertThat(entry.variables())
                    .containsEntry("event", new Value.Text("close"))
                    .containsEntry("got", new Value.Int(10))
                    .containsEntry("gotAll", new Value.Int(100))
                    .containsEntry("sent", new Value.Int(20))
                    .containsEntry("sentAll", new Value.Int(200))
                    .containsEntry("took", new Value.Span(Duration.ofMillis(1500)))
                    .containsEntry("ip", new Value.Ip(dev.exeat.model.IpAddress.parse("192.0.2.9")))
                    .containsEntry("port", new Value.Int(8443))
                    .containsEntry("mtls", new Value.Bool(true))
                    .containsEntry("half", new Value.Decimal(0.5))
                    .containsEntry("code", new Value.Int(7))
                    .containsEntry("text", new Value.Text("PERMISSION_DENIED:h.ns:x is blacklisted"))
                    .containsEntry("hit", new Value.Bool(false))
                    .hasEntrySatisfying("labels", value -> assertThat(value).isInstanceOf(Value.TextMap.class));
        });
    }

    @Test
    void a_line_whose_field_is_absent_is_left_out_and_the_others_go_on() {
        PolicyFixture policy = log("outputAsJson: true", "variables:\n  d: connection.duration");
        policy.yaml(MixerChecksTest.object("logentry", "l2", "istio-system", "variables:\n  x: '1'")
                + MixerChecksTest.rule("r2", "istio-system", "", "h.stdio", "l2.logentry"));

        assertThat(policy.snapshot().report(event(ReportEvent.Event.CONTINUE, null)))
                .extracting(LogEntry::instance)
                .containsExactly("l2.logentry.istio-system");
        assertThat(policy.snapshot().report(event(ReportEvent.Event.CLOSE, null)))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "Info, INFO",
        "INFO, INFO",
        "informational, INFO",
        "warning, WARN",
        "WARN, WARN",
        "ERR, ERROR",
        "fatal, ERROR",
        "mine, ERROR",
        "info, WARN",
        "other, INFO",
        "'', INFO"
    })
    void severities_become_levels(String severity, LogEntry.Level level) {
        PolicyFixture policy = log(
                "severity_levels:\n  mine: ERROR\n  info: 1", "severity: '\"" + severity + "\"'\nvariables:\n  x: '1'");

        assertThat(policy.snapshot().report(event(ReportEvent.Event.OPEN, null)))
                .singleElement()
                .extracting(LogEntry::level)
                .isEqualTo(level);
    }

    @Test
    void entries_below_the_output_level_are_not_written() {
        assertThat(log("outputLevel: WARNING", "severity: '\"info\"'")
                        .snapshot()
                        .report(event(ReportEvent.Event.OPEN, null)))
                .isEmpty();
    }

    @Test
    void a_metric_puts_its_value_first() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(MixerChecksTest.object("stdio", "h", "istio-system", "metricLevel: WARNING")
                        + MixerChecksTest.object(
                                "metric",
                                "m",
                                "istio-system",
                                "value: connection.sent.bytes | 0\ndimensions:\n  b: '\"B\"'\n  a: '\"A\"'")
                        + MixerChecksTest.rule("r", "istio-system", "", "h.stdio", "m.metric"));

        assertThat(policy.snapshot().report(event(ReportEvent.Event.CLOSE, null)))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.variables().keySet()).containsExactly("value", "a", "b");
                    assertThat(entry.level()).isEqualTo(LogEntry.Level.WARN);
                });
    }

    @Test
    void files_and_rotation_are_taken_as_given() {
        PolicyFixture policy = log(
                "logStream: ROTATED_FILE\noutputPath: /tmp/x.log\nmax_days_before_rotation: 7\nmaxRotatedFiles: '5'",
                "variables:\n  x: '1'");

        assertThat(policy.snapshot().report(event(ReportEvent.Event.OPEN, null)))
                .singleElement()
                .extracting(LogEntry::stream)
                .isEqualTo(new LogEntry.Stream(LogEntry.Stream.Target.ROTATED_FILE, "/tmp/x.log", true, 100, 7, 5));
    }

    @ParameterizedTest
    @CsvSource({
        "POLICY_DENIED, FAILED_PRECONDITION:h.ns:, 9, FAILED_PRECONDITION:h.ns:",
        "HOST_UNKNOWN, no ServiceEntry, 5, NOT_FOUND:no ServiceEntry",
        "DNS_TIMEOUT, x: y, 4, DEADLINE_EXCEEDED:x: y",
        "SNI_MISMATCH, x, 7, PERMISSION_DENIED:x",
        "POLICY_ERROR, x, 13, INTERNAL:x",
        "DIAL_FAILED, x, 14, UNAVAILABLE:x"
    })
    void a_refusal_has_a_status(Reason reason, String message, int code, String text) {
        assertThat(CheckStatus.of(reason, message)).isEqualTo(new CheckStatus(code, text));
    }
}
