package dev.exeat.proxy.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.ServerName;
import dev.exeat.proxy.dial.ConnectTo.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectToTest {
    private static String text(Target target) {
        return switch (target) {
            case Target.Address(var address, int port) -> "address " + address + " " + port;
            case Target.Name(var name, int port) -> "name " + name.value() + " " + port;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "en.example.com:443:127.0.0.1:8443, address 127.0.0.1 8443",
        "EN.example.com:443:127.0.0.1:8443, address 127.0.0.1 8443",
        "*.example.com:443:[::1]:8443, address ::1 8443",
        "::127.0.0.1:8443, address 127.0.0.1 8443",
        ":443:127.0.0.1:8443, address 127.0.0.1 8443",
        "en.example.com::inner.example.net:, name inner.example.net 443",
        "en.example.com:443::8443, name en.example.com 8443",
        "en.example.com:444:127.0.0.1:1, name en.example.com 443",
        "de.example.com:443:127.0.0.1:1, name en.example.com 443",
        "*.en.example.com:443:127.0.0.1:1, name en.example.com 443"
    })
    void sends_en_to(String rule, String target) {
        assertThat(text(ConnectTo.parse(List.of(rule)).target(ServerName.parse("en.example.com"), 443)))
                .isEqualTo(target);
    }

    @Test
    void takes_the_first_rule_that_matches_and_none_twice() {
        ConnectTo rules = ConnectTo.parse(
                List.of("en.example.com:443:de.example.com:443", "*.example.com:443:127.0.0.1:1", ":::2"));
        assertThat(text(rules.target(ServerName.parse("en.example.com"), 443))).isEqualTo("name de.example.com 443");
        assertThat(text(rules.target(ServerName.parse("fr.example.com"), 443))).isEqualTo("address 127.0.0.1 1");
        assertThat(text(rules.target(ServerName.parse("a.test"), 443))).isEqualTo("name a.test 2");
        assertThat(text(ConnectTo.none().target(ServerName.parse("a.test"), 443)))
                .isEqualTo("name a.test 443");
    }

    @ParameterizedTest
    @CsvSource({
        "en.example.com:443:127.0.0.1, three|four",
        "en.example.com, parts",
        "a.test:443:::1:8443, parts",
        "a.test:0:127.0.0.1:8443, port",
        "a.test:443:127.0.0.1:65536, port",
        "a.test:x:127.0.0.1:1, port",
        "a.test:443:[::1:8443, not closed",
        "a.test:443:[]:8443, not closed",
        "a.test:443:[127.0.0.1.1]:8443, address",
        "a.test:443:127.1:8443, address",
        "a..test:443:127.0.0.1:8443, label",
        "a.test:443:localhost:8443, label"
    })
    void says_what_is_wrong_with(String rule, String word) {
        assertThatThrownBy(() -> ConnectTo.parse(List.of(rule)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*(" + word + ").*")
                .hasMessageContaining("HOST:PORT:ADDR:PORT")
                .hasMessageContaining(rule);
    }
}
