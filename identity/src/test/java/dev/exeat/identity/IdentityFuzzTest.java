package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class IdentityFuzzTest {
    @Test
    void takes_no_request_that_proves_nothing() {
        assertThat(Fuzzing.briefly(new CsrFuzz(), 3_000).answers().keySet())
                .anyMatch(answer -> answer.startsWith("taken"))
                .hasSizeGreaterThan(5);
    }

    @Test
    void takes_no_chain_that_a_second_judge_refuses() {
        assertThat(Fuzzing.briefly(new SvidFuzz(), 3_000).answers().keySet())
                .anyMatch(answer -> answer.startsWith("taken fuzz.test"))
                .anyMatch(answer -> answer.startsWith("taken other.test"))
                .hasSizeGreaterThan(9);
    }
}
