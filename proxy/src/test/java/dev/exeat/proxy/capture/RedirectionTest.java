package dev.exeat.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectionTest {
    private static final InetSocketAddress LISTENER = at("127.0.0.1", 10129);
    private static final InetAddress PEER = InetAddress.ofLiteral("10.0.0.7");
    private static final List<InetSocketAddress> GATEWAYS =
            List.of(at("10.0.0.1", 10443), InetSocketAddress.createUnresolved("gw.example", 10443));

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Redirection judge(@Nullable InetSocketAddress original) {
        return Redirection.judge(original, LISTENER, PEER, GATEWAYS);
    }

    private static Reason refusal(Redirection redirection) {
        return ((Redirection.Refused) redirection).reason();
    }

    @Test
    void takes_the_destination_that_the_kernel_kept() {
        InetSocketAddress wanted = at("198.18.0.5", 8443);

        assertThat(judge(wanted)).isEqualTo(new Redirection.To(wanted));
    }

    @Test
    void refuses_what_was_not_redirected() {
        assertThat(refusal(judge(null))).isEqualTo(Reason.NOT_REDIRECTED);
        assertThat(refusal(judge(LISTENER))).isEqualTo(Reason.NOT_REDIRECTED);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.9,10129", "::1,10129", "10.0.0.7,10129", "10.0.0.1,10443"})
    void refuses_what_would_lead_back(String address, int port) {
        assertThat(refusal(judge(at(address, port)))).isEqualTo(Reason.REDIRECT_LOOP);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.7,443", "203.0.113.1,10129", "10.0.0.1,443"})
    void takes_other_ports_and_hosts(String address, int port) {
        assertThat(judge(at(address, port))).isInstanceOf(Redirection.To.class);
    }
}
