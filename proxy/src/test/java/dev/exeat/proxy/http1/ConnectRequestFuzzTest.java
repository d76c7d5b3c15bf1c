package dev.exeat.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import org.junit.jupiter.api.Test;

class ConnectRequestFuzzTest {
    @Test
    void opens_a_tunnel_only_where_a_strict_grammar_does() {
        assertThat(Fuzzing.briefly(new ConnectRequestFuzz(), 20_000).answers().keySet())
                .contains("tunnel", "more")
                .hasSizeGreaterThan(15);
    }
}
