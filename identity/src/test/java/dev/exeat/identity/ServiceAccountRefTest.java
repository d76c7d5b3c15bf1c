package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.InvalidNameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountRefTest {
    @Test
    void has_an_id_in_a_trust_domain() {
        assertThat(new ServiceAccountRef("default", "sleep-us").spiffeId("cluster.local"))
                .hasToString("spiffe://cluster.local/ns/default/sa/sleep-us");
        assertThat(ServiceAccountRef.GATEWAY).hasToString("exeat-system/exeat-gateway");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a-b", "a.b", "x1.y2.z3"})
    void takes_names_of_kubernetes(String name) {
        assertThat(new ServiceAccountRef("default", name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a_b", "a/b", "..", "a..b", ".a", "a.", "a b", "ä", "a:b", "a\u0000"})
    void refuses_others(String name) {
        assertThatThrownBy(() -> new ServiceAccountRef("default", name)).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> new ServiceAccountRef(name, "sleep")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void refuses_long_names_and_dots_in_namespaces() {
        assertThat(new ServiceAccountRef("n".repeat(63), "a".repeat(63))).isNotNull();
        assertThatThrownBy(() -> new ServiceAccountRef("n".repeat(64), "a")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> new ServiceAccountRef("n", "a.".repeat(127) + "a"))
                .isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> new ServiceAccountRef("a.b", "a")).isInstanceOf(InvalidNameException.class);
    }
}
