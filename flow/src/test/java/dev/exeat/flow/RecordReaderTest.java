package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Reason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {
    private final RecordReader reader = new RecordReader();

    private static String line(ConnectionRecord record) {
        return new String(new RecordEncoder().encode(record), StandardCharsets.UTF_8);
    }

    @Test
    void reads_back_what_was_written() {
        ConnectionRecord record = Records.record(Verdict.DENIED, Reason.POLICY_DENIED, "EN.wikipedia.org");

        assertThat(reader.read(line(record))).isEqualTo(RecordedConnection.of(record));
    }

    @Test
    void reads_a_connection_that_ended_before_any_policy_was_asked() {
        RecordedConnection read = reader.read(line(Records.least()));

        assertThat(read).isEqualTo(RecordedConnection.of(Records.least()));
        assertThat(read.attempt()).isNull();
    }

    @Test
    void reads_hostile_texts() {
        ConnectionRecord record = Records.hostile("\r\n\u001b[2J\"}");

        assertThat(reader.read(line(record)).message()).isEqualTo("\r\n\u001b[2J\"}");
    }

    @Test
    void leaves_out_fields_of_a_later_version() {
        String line = line(Records.full()).replaceFirst("\\{", "{\"later\":{\"a\":[1,{}]},");

        assertThat(reader.read(line)).isEqualTo(RecordedConnection.of(Records.full()));
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
                "{\"id\":\"a-1\",\"identity\":\"nobody\"}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"hello\":{\"alpn\":\"h2\"}}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"hello\":\"none\"}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"rule\":[]}",
                "{\"id\":\"a-1\",\"time\":\"2026-01-02T03:04:05Z\",\"verdict\":\"denied\",\"message\":{}}"
            })
    void refuses_what_is_no_record(String line) {
        assertThatThrownBy(() -> reader.read(line)).isInstanceOf(RecordFormatException.class);
    }
}
