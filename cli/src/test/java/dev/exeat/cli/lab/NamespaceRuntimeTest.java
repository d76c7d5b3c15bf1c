package dev.exeat.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceRuntimeTest {
    @ParameterizedTest
    @CsvSource({
        "0,10.244.0.1,fd00:10:244::1",
        "254,10.244.0.255,fd00:10:244::ff",
        "65533,10.244.255.254,fd00:10:244::fffe",
        "65534,10.244.0.1,fd00:10:244::1"
    })
    void a_pod_has_addresses_of_the_network_of_pods(int number, String address, String ipv6) {
        PodNamespace.Plan plan = NamespaceRuntime.plan("p", number);

        assertThat(plan.address()).isEqualTo(address);
        assertThat(InetAddress.ofLiteral(plan.ipv6Address())).isEqualTo(InetAddress.ofLiteral(ipv6));
    }
}
