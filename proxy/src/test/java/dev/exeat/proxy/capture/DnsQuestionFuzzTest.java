package dev.exeat.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class DnsQuestionFuzzTest {
    @Test
    void answers_plain_questions_alone_with_addresses() {
        assertThat(Fuzzing.briefly(new DnsQuestionFuzz(), 20_000).answers().keySet())
                .containsExactlyInAnyOrder(
                        "silence", "address #", "address # #", "no_data #", "refused #", "malformed #");
    }
}
