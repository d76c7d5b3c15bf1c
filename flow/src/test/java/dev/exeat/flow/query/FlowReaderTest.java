package dev.exeat.flow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.Records;
import dev.exeat.model.Attempt;
import dev.exeat.model.Reason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowReaderTest {
    private final FlowReader reader = new FlowReader();

    private static String line(ConnectionRecord record) {
        return new String(new RecordEncoder().encode(record), StandardCharsets.UTF_8);
    }

    @Test
    void reads_back_what_was_written() {
        ConnectionRecord record = Records.record(Verdict.DENIED, Reason.POLICY_DENIED, "EN.wikipedia.org");
        Flow read = reader.read(line(record));

        assertThat(read.id()).isEqualTo(record.id());
        assertThat(read.time()).isEqualTo(record.time());
        assertThat(read.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(read.reason()).isEqualTo("policy_denied");
        assertThat(read.rule().withIndex()).isEqualTo("rule/istio-system/check[0]");
        assertThat(read.what().host()).isEqualTo("en.wikipedia.org");
        assertThat(read.what().sniRaw()).isEqualTo("EN.wikipedia.org");
        assertThat(read.ending().received()).isEqualTo(record.traffic().received());
    }

    @Test
    void what_was_judged_can_be_judged_again() {
        ConnectionRecord record = Records.record(Verdict.DENIED, Reason.POLICY_DENIED, "EN.wikipedia.org");
        Attempt attempt = new Attempts().of(reader.read(line(record)));

        assertThat(attempt).isNotNull();
        assertThat(attempt.source()).isEqualTo(record.source().identity());
        assertThat(attempt.hello()).isEqualTo(record.hello());
        assertThat(attempt.time()).isEqualTo(record.time());
    }

    @Test
    void a_connection_that_ended_before_any_policy_was_asked_was_not_judged() {
        assertThat(new Attempts().of(reader.read(line(Records.least())))).isNull();
    }

    @Test
    void reads_hostile_texts() {
        ConnectionRecord record = Records.hostile("\r\n\u001b[2J\"}");

        assertThat(reader.read(line(record)).message()).isEqualTo("\r\n\u001b[2J\"}");
    }

    @Test
    void leaves_out_fields_of_a_later_version() {
        String line = line(Records.full());
        Flow later = reader.read(line.replaceFirst("\\{", "{\"later\":{\"a\":[1,{}]},"));

        assertThat(later).usingRecursiveComparison().ignoringFields("line").isEqualTo(reader.read(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"id\":\"a-1\",\"time\":\"yesterday\",\"verdict\":\"allowed\"}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"maybe\"}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"allo",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"hello\":{\"alpn\":\"h2\"}}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"hello\":\"none\"}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"rule\":[]}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"message\":{}}"
            })
    void refuses_what_is_no_record(String line) {
        assertThatThrownBy(() -> reader.read(line)).isInstanceOf(RecordFormatException.class);
    }
}
