package dev.exeat.control.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class SquidFuzzTest {
    @Test
    void refuses_with_a_place_or_writes_what_is_read_again() {
        assertThat(Fuzzing.briefly(new SquidFuzz(), 3_000).answers().keySet())
                .anyMatch(answer -> answer.startsWith("policies"))
                .anyMatch(answer -> answer.startsWith("refused"));
    }
}
