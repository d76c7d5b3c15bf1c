package dev.exeat.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ServerName;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedAddressesTest {
    private static final ServerName EN = new ServerName("en.wikipedia.org");
    private final ReservedAddresses usual = new ReservedAddresses(ReservedAddresses.USUAL, List.of());

    private IpAddress v4(String name) {
        return Objects.requireNonNull(usual.of(name, true));
    }

    private IpAddress v6(String name) {
        return Objects.requireNonNull(usual.of(name, false));
    }

    /** Clients keep addresses over a restart and an update of the proxy. */
    @Test
    void a_name_keeps_its_address_for_ever() {
        assertThat(v4("en.wikipedia.org")).hasToString("198.18.232.127");
        assertThat(v4("EN.Wikipedia.ORG")).isEqualTo(v4("en.wikipedia.org"));
        assertThat(v6("en.wikipedia.org"))
                .isEqualTo(
                        new ReservedAddresses(ReservedAddresses.USUAL, List.of("lan")).of("en.wikipedia.org", false));
    }

    @Test
    void all_addresses_lie_within_their_range_and_differ() {
        Cidr small = Cidr.parse("10.9.8.0/24");
        ReservedAddresses few = new ReservedAddresses(List.of(small), List.of());
        Set<IpAddress> seen = new HashSet<>();
        Set<IpAddress> many = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            IpAddress address = Objects.requireNonNull(few.of("name" + i + ".test", true));
            assertThat(small.contains(address)).isTrue();
            assertThat(address.octet(3)).isBetween(1, 254);
            seen.add(address);
            assertThat(ReservedAddresses.USUAL.getFirst().contains(v4("name" + i + ".test")))
                    .isTrue();
            assertThat(ReservedAddresses.USUAL.getLast().contains(v6("name" + i + ".test")))
                    .isTrue();
            many.add(v6("name" + i + ".test"));
        }
        assertThat(seen).hasSize(254);
        assertThat(many).hasSize(5_000);
        assertThat(few.of("en.wikipedia.org", false)).isNull();
    }

    @Test
    void an_address_of_another_name_does_not_agree() {
        assertThat(usual.agrees(v4("en.wikipedia.org"), EN)).isTrue();
        assertThat(usual.agrees(v6("en.wikipedia.org"), EN)).isTrue();
        assertThat(usual.agrees(v4("de.wikipedia.org"), EN)).isFalse();
        assertThat(usual.agrees(v6("de.wikipedia.org"), EN)).isFalse();
        assertThat(usual.agrees(IpAddress.parse("198.18.0.0"), EN)).isFalse();
    }

    /** An application that asks no responder connects to real addresses, where the hello's name is all that counts. */
    @Test
    void an_address_outside_the_ranges_always_agrees() {
        assertThat(usual.agrees(IpAddress.parse("192.0.2.1"), EN)).isTrue();
        assertThat(usual.agrees(IpAddress.parse("2001:db8::1"), EN)).isTrue();
    }

    /** The C library asks for en.wikipedia.org.corp.example first where resolv.conf says so, and takes the answer. */
    @Test
    void a_name_that_a_resolver_completed_agrees() {
        ReservedAddresses searching =
                new ReservedAddresses(ReservedAddresses.USUAL, List.of("corp.example", "Svc.cluster.local"));

        assertThat(searching.agrees(v4("en.wikipedia.org.svc.cluster.local"), EN))
                .isTrue();
        assertThat(searching.agrees(v4("en.wikipedia.org"), EN)).isTrue();
        assertThat(searching.agrees(v4("de.wikipedia.org.corp.example"), EN)).isFalse();
        assertThat(usual.agrees(v4("en.wikipedia.org.corp.example"), EN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/25", "10.0.0.0/8,11.0.0.0/8", "2001:2::/121", "10.0.0.0/8,fd00::/8,fd01::/16"})
    void refuses_ranges_that_cannot_serve(String ranges) {
        List<Cidr> read = ranges.isEmpty()
                ? List.of()
                : Arrays.stream(ranges.split(",")).map(Cidr::parse).toList();

        assertThatThrownBy(() -> new ReservedAddresses(read, List.of())).isInstanceOf(InvalidNameException.class);
    }
}
