package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgreementTest {
    private static final HelloFacts HELLO = new HelloFacts(
            new ServerName("en.wikipedia.org"), "EN.wikipedia.org", List.of(0x0304), List.of(), false, false, 500);

    private static Arrival arrival(TunnelMode mode, @Nullable String connect, @Nullable String outer) {
        return new Arrival(
                "1",
                ListenerKind.TUNNEL,
                mode,
                null,
                IpAddress.parse("127.0.0.1"),
                connect == null ? null : HostPort.parse(connect),
                outer);
    }

    @ParameterizedTest
    @CsvSource({"en.wikipedia.org", "EN.Wikipedia.ORG"})
    void a_direct_tunnel_agrees_when_the_outer_name_is_the_inner_one(String outer) {
        assertThat(Agreement.check(arrival(TunnelMode.DIRECT, null, outer), HELLO))
                .isEqualTo(new Agreement.Result.Agreed(HostPort.parse("en.wikipedia.org:443")));
    }

    @ParameterizedTest
    @CsvSource({
        "es.wikipedia.org, SNI_MISMATCH",
        "'', SNI_MISSING",
        ", SNI_MISSING",
        "en.wikipedia.org., SNI_INVALID",
        "127.0.0.1, SNI_INVALID"
    })
    void a_direct_tunnel_is_refused_when_the_outer_name_is_not(@Nullable String outer, Reason reason) {
        assertThat(Agreement.check(arrival(TunnelMode.DIRECT, null, outer), HELLO))
                .isInstanceOfSatisfying(
                        Agreement.Result.Disagreed.class,
                        d -> assertThat(d.reason()).isEqualTo(reason));
    }

    @Test
    void a_connect_names_the_port_and_must_name_the_host() {
        assertThat(Agreement.check(arrival(TunnelMode.CONNECT_H2, "en.wikipedia.org:8443", "gateway.test"), HELLO))
                .isEqualTo(new Agreement.Result.Agreed(HostPort.parse("en.wikipedia.org:8443")));
        assertThat(Agreement.check(arrival(TunnelMode.CONNECT_HTTP1, "es.wikipedia.org:443", null), HELLO))
                .isInstanceOfSatisfying(
                        Agreement.Result.Disagreed.class,
                        d -> assertThat(d.reason()).isEqualTo(Reason.SNI_MISMATCH));
    }

    @Test
    void a_plain_connection_has_only_the_inner_name() {
        assertThat(Agreement.check(arrival(TunnelMode.PLAIN, null, null), HELLO))
                .isEqualTo(new Agreement.Result.Agreed(HostPort.parse("en.wikipedia.org:443")));
    }
}
