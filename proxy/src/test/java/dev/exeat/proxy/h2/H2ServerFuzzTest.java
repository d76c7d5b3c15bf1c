package dev.exeat.proxy.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class H2ServerFuzzTest {
    @Test
    void ends_in_order_or_goes_on_whatever_comes() {
        assertThat(Fuzzing.briefly(new H2ServerFuzz(), 4_000).answers()).hasSizeGreaterThan(40);
    }
}
