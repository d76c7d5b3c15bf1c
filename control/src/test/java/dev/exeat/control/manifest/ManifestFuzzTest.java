package dev.exeat.control.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class ManifestFuzzTest {
    @Test
    void reads_what_the_library_reads_and_fails_with_a_place() {
        assertThat(Fuzzing.briefly(new ManifestFuzz(), 6_000).answers().keySet())
                .anyMatch(answer -> answer.startsWith("good some"))
                .hasSizeGreaterThan(25);
    }
}
