package dev.exeat.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class DnsAnswerFuzzTest {
    @Test
    void uses_no_address_that_a_second_reader_does_not_find() {
        assertThat(Fuzzing.briefly(new DnsAnswerFuzz(), 20_000).answers().keySet())
                .anyMatch(answer -> answer.startsWith("found"))
                .hasSizeGreaterThan(10);
    }
}
