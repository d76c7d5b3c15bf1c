package dev.exeat.proxy.socks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class Socks5FuzzTest {
    @Test
    void agrees_with_a_second_reader() {
        assertThat(Fuzzing.briefly(new Socks5Fuzz(), 20_000).answers().keySet())
                .contains("# name at #", "# address at #", "more")
                .hasSizeGreaterThan(8);
    }
}
