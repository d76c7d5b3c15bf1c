package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.InvalidNameException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SanNamesTest {
    @Test
    void takes_host_names_and_addresses_and_nothing_else() {
        assertThatThrownBy(() -> new SanNames(List.of("Bank.example"), List.of()))
                .hasMessageContaining("lower-case");
        assertThatThrownBy(() -> SanNames.loopbackAnd(List.of("a.example,DNS:b.example")))
                .isInstanceOf(InvalidNameException.class);
        assertThat(SanNames.loopbackAnd(List.of("gw", "10.0.0.1")).dnsNames()).containsExactly("localhost", "gw");
        assertThat(SanNames.loopbackAnd(List.of("127.0.0.1", "::1")).addresses())
                .hasSize(2);
    }
}
