package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.HostPattern;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionChoiceTest {
    private static final LiveConnection CARRIED = connection(
            SpiffeId.parse("spiffe://corp.test/ns/default/sa/sleep"),
            HostPort.parse("en.wikipedia.org:443"),
            new PolicyRef(new ObjectKey("config.istio.io", "rule", "istio-system", "check-access"), 1));
    private static final LiveConnection EARLY = connection(null, null, null);

    private static LiveConnection connection(SpiffeId identity, HostPort target, PolicyRef rule) {
        IpAddress source = IpAddress.parse("127.0.0.1");
        return new LiveConnection(
                new Arrival("abc-1", ListenerKind.TUNNEL, TunnelMode.CONNECT_H2, identity, source, null, null),
                4711,
                "carrying",
                target,
                null,
                Instant.EPOCH,
                Duration.ZERO,
                Duration.ZERO,
                0,
                0,
                rule,
                "");
    }

    @ParameterizedTest
    @CsvSource({
        "en.wikipedia.org, true",
        "EN.Wikipedia.ORG, true",
        "*.wikipedia.org, true",
        "*.ORG, true",
        "*, true",
        "*.en.wikipedia.org, false",
        "wikipedia.org, false",
        "*.ikipedia.org, false"
    })
    void hosts_are_named_as_policies_name_them(String host, boolean admitted) {
        ConnectionChoice choice = new ConnectionChoice(Set.of(), null, HostPattern.parse(host), null);

        assertThat(choice.admits(CARRIED)).isEqualTo(admitted);
        assertThat(choice.admits(EARLY)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "spiffe://corp.test/ns/default/sa/sleep, true",
        "default/sleep, true",
        "default/slee, false",
        "efault/sleep, false",
        "default/sleep/x, false",
        "spiffe://other.test/ns/default/sa/sleep, false",
        "sleep, false"
    })
    void identities_are_whole_ids_or_service_accounts(String identity, boolean admitted) {
        ConnectionChoice choice = new ConnectionChoice(Set.of(), identity, null, null);

        assertThat(choice.admits(CARRIED)).isEqualTo(admitted);
        assertThat(choice.admits(EARLY)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "rule/istio-system/check-access, true",
        "rule/istio-system/check-access[1], true",
        "rule/istio-system/check-access[0], false",
        "rule/istio-system/check, false"
    })
    void rules_are_objects_with_or_without_an_index(String rule, boolean admitted) {
        ConnectionChoice choice = new ConnectionChoice(Set.of(), null, null, rule);

        assertThat(choice.admits(CARRIED)).isEqualTo(admitted);
        assertThat(choice.admits(EARLY)).isFalse();
    }

    @Test
    void all_that_is_given_must_hold() {
        HostPattern any = HostPattern.parse("*");

        assertThat(new ConnectionChoice(Set.of("abc-1"), "default/sleep", any, null).admits(CARRIED))
                .isTrue();
        assertThat(new ConnectionChoice(Set.of("abc-2"), "default/sleep", any, null).admits(CARRIED))
                .isFalse();
        assertThat(new ConnectionChoice(Set.of(), "default/other", any, null).admits(CARRIED))
                .isFalse();
        assertThat(ConnectionChoice.ALL.admits(EARLY)).isTrue();
    }
}
