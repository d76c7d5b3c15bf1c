package dev.exeat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNameTest {
    private static final String LABEL = "a".repeat(63);

    @ParameterizedTest
    @ValueSource(strings = {"en.wikipedia.org", "under_score.wild.test", "xn--bcher-kva.test", "a.b", "1.2.x3", "-.a"})
    void takes_canonical_names(String name) {
        assertThat(ServerName.parse(name).value()).isEqualTo(name);
    }

    @Test
    void lowers_ascii_letters_only() {
        assertThat(ServerName.parse("EN.Wikipedia.ORG").value()).isEqualTo("en.wikipedia.org");
        assertRefused("\u212Aelvin.test");
    }

    @Test
    void takes_names_up_to_253_octets_and_labels_up_to_63() {
        String longest = LABEL + "." + LABEL + "." + LABEL + "." + "d".repeat(61);
        assertThat(longest).hasSize(253);
        assertThat(ServerName.parse(longest).value()).isEqualTo(longest);
        assertRefused(longest + "d");
        assertThat(ServerName.parse(LABEL + ".test").value()).hasSize(68);
        assertRefused(LABEL + "a.test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a.",
                "a.b.",
                "a.b..",
                ".a.b",
                "a..b",
                "localhost",
                "127.0.0.1",
                "127.1",
                "2130706433",
                "a.0x7f",
                "[::1]",
                "::1",
                "a.b:22",
                "a b.c",
                "*.wild.test",
                "a.b\0.c",
                "a.b\r\n",
                "allowed%2etest/../x",
                "bücher.test",
                "allowed。test",
                "${jndi:ldap://127.0.0.1:1389/a}.wild.test",
                "<script>.wild.test"
            })
    void refuses_everything_else(String name) {
        assertRefused(name);
    }

    @Test
    void reads_wire_octets_one_by_one() {
        assertThat(ServerName.fromWire("Es.Wikipedia.org".getBytes(StandardCharsets.US_ASCII))
                        .value())
                .isEqualTo("es.wikipedia.org");
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> ServerName.fromWire("bücher.test".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_refusal_never_repeats_the_hostile_text() {
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> ServerName.parse("evil\r\n.test"))
                .withMessageNotContaining("evil");
    }

    private static void assertRefused(String name) {
        assertThatExceptionOfType(InvalidNameException.class).as(name).isThrownBy(() -> ServerName.parse(name));
    }
}
