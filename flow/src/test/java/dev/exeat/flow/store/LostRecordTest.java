package dev.exeat.flow.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LostRecordTest {
    private final LostRecord lost = new LostRecord();

    @Test
    void is_final_and_flagged_and_else_the_same() {
        assertThat(lost.of("{\"version\":1,\"event\":\"open\",\"hello\":{\"event\":\"open\"},\"bytes_sent\":0}"))
                .isEqualTo("{\"version\":1,\"event\":\"final\",\"hello\":{\"event\":\"open\"},\"bytes_sent\":0,"
                        + "\"flag\":\"lost\"}");
    }

    @Test
    void is_printable_ascii_as_records_are() {
        String name = "\\u0000\\u001b\\u007f\\u0080\\ud83d\\ude00\\\"\\\\";

        String line = lost.of("{\"event\":\"open\",\"sni\":\"" + name + "\"}");

        assertThat(line).matches("[ -~]+").containsIgnoringCase(name);
    }
}
