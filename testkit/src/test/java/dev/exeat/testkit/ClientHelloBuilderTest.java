package dev.exeat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloBuilderTest {
    @ParameterizedTest
    @ValueSource(ints = {600, 15_000, 32_000, 60_000})
    void pads_to_an_exact_length(int length) {
        assertThat(ClientHelloBuilder.to("a.test").sniLast().padTo(length).message())
                .hasSize(length);
        assertThat(ClientHelloBuilder.to("a.test").earlyData(200).padTo(length).message())
                .hasSize(length);
    }

    @Test
    void gives_the_same_octets_each_time() {
        assertThat(ClientHelloBuilder.to("a.test")
                        .postQuantum()
                        .grease()
                        .ech(240)
                        .records())
                .isEqualTo(ClientHelloBuilder.to("a.test")
                        .postQuantum()
                        .grease()
                        .ech(240)
                        .records());
    }

    @Test
    void is_taken_by_a_real_server() throws Exception {
        TestPki pki = TestPki.create("hello test");
        try (TlsSite site = TlsSite.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), pki, List.of("a.test"), Map.of());
                HostileClient client = HostileClient.plain(site.address())) {
            client.send(ClientHelloBuilder.to("a.test").emptyKeyShare().records());

            // The JDK's TLS answers a good hello without a key share with a HelloRetryRequest.
            assertThat(client.outcome(Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(
                            Outcome.Answered.class,
                            answer -> assertThat(answer.text())
                                    .contains(new String(
                                                    Behaviour.helloRetryRequest(new byte[0]),
                                                    StandardCharsets.ISO_8859_1)
                                            .substring(11, 43)));
        }
    }

    @Test
    void splits_by_a_plan() {
        byte[] records = new RecordSplitter().fragments("1,z,c,a,d,*").split(new byte[] {9, 8, 7});

        assertThat(records)
                .isEqualTo(java.util.HexFormat.of()
                        .parseHex("160301000109" + "1603010000" + "140301000101" + "15030100020170" + "1703010000"
                                + "16030100020807"));
    }

    @Test
    void catalogue_numbers_are_unique() {
        List<String> ids = HelloCases.all().stream().map(HelloCase::id).toList();
        Set<String> unique = new HashSet<>(ids);

        assertThat(unique).hasSameSizeAs(ids).contains("N01", "H31", "F26", "P18", "S06", "E07");
        assertThat(Arrays.asList(Payload.values())).allMatch(payload -> payload.octets().length > 0);
    }
}
