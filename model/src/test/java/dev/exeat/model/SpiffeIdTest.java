package dev.exeat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    @Test
    void tells_principal_namespace_and_service_account() {
        SpiffeId id = SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep-us");

        assertThat(id.principal()).isEqualTo("cluster.local/ns/default/sa/sleep-us");
        assertThat(id.namespace()).isEqualTo("default");
        assertThat(id.serviceAccount()).isEqualTo("sleep-us");
        assertThat(id).isEqualTo(SpiffeId.ofServiceAccount("cluster.local", "default", "sleep-us"));
    }

    @Test
    void an_id_of_another_shape_names_no_namespace() {
        SpiffeId id = SpiffeId.parse("spiffe://td/workload/ns");

        assertThat(id.namespace()).isNull();
        assertThat(id.serviceAccount()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://td/ns/a/sa/b",
                "SPIFFE://td/ns/a/sa/b",
                "spiffe://TD/ns/a/sa/b",
                "spiffe://td",
                "spiffe://td/",
                "spiffe:///a",
                "spiffe://td/a/",
                "spiffe://td/a//b",
                "spiffe://td/a/../b",
                "spiffe://td/./b",
                "spiffe://td/a%2db",
                "spiffe://td/a?x=1",
                "spiffe://td/a#x",
                "spiffe://u@td/a",
                "spiffe://td:443/a",
                "spiffe://td/a\0b",
                ""
            })
    void refuses_what_the_standard_forbids(String uri) {
        assertThatExceptionOfType(InvalidNameException.class).isThrownBy(() -> SpiffeId.parse(uri));
    }

    @Test
    void refuses_ids_of_more_than_2048_octets() {
        String prefix = "spiffe://td/";
        assertThat(SpiffeId.parse(prefix + "x".repeat(2048 - prefix.length())).path())
                .hasSize(2036);
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> SpiffeId.parse(prefix + "x".repeat(2049 - prefix.length())));
    }
}
