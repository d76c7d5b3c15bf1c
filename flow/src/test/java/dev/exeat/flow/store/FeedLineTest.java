package dev.exeat.flow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.query.FlowReader;
import dev.exeat.flow.store.MinuteSum.Group;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedLineTest {
    static Stream<FeedLine> lines() {
        Entry entry = Entries.ended("a-1", "nul\\u0000,\\\"record\\\":.test");
        return Stream.of(
                FeedLine.of(new StoredFlow(
                        Long.MAX_VALUE, new FlowReader().read(entry.line().get()))),
                FeedLine.upTo(0),
                FeedLine.missed(12));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void comes_back_as_it_was(FeedLine line) {
        String text = new String(line.encoded(), StandardCharsets.US_ASCII);

        assertThat(text).endsWith("}\n");
        assertThat(FeedLine.parse(text.stripTrailing())).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "}", "{}", "{\"sequence\":1", "{\"sequence\":x}", "{\"missed\":}", "[1]"})
    void refuses_what_is_none(String text) {
        assertThatThrownBy(() -> FeedLine.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_sum_comes_back_as_it_was() {
        MinuteSum sum = new MinuteSum(
                Instant.parse("2026-01-02T03:04:00Z"),
                new Group("spiffe://td/ns/a/sa/b", "\"\u00e9\n.test", 443, "would-deny", "policy_denied", "A/b/c"),
                1L << 40,
                2,
                3);
        String text = new String(MinuteLine.encode(sum), StandardCharsets.US_ASCII);

        assertThat(text.lines()).hasSize(1);
        assertThat(MinuteLine.parse(text.stripTrailing())).isEqualTo(sum);
        assertThatThrownBy(() -> MinuteLine.parse("{\"minute\":\"now\"}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MinuteLine.parse("{")).isInstanceOf(IllegalArgumentException.class);
    }
}
