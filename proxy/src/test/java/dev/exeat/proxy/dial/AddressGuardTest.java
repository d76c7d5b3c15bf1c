package dev.exeat.proxy.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.Cidr;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    private static final ServerName HOST = ServerName.parse("en.example.com");

    private static AddressGuard guard(String... exceptions) {
        return new AddressGuard(
                List.of(exceptions).stream().map(AddressException::parse).toList(),
                List.of(Cidr.parse("2606:4700:64::/96"), Cidr.parse("2a00:aaaa::/32")),
                () -> Set.of(10443),
                () -> Set.of(IpAddress.parse("93.184.216.34"), IpAddress.parse("2a00:1450::5")));
    }

    private static GuardVerdict judge(AddressGuard guard, String address) {
        return guard.judge(HOST, IpAddress.parse(address), 443);
    }

    /** The first and the last address of each block. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, unspecified",
        "0.0.0.1, this_network",
        "0.255.255.255, this_network",
        "10.0.0.0, private",
        "10.255.255.255, private",
        "100.64.0.0, cgnat",
        "100.127.255.255, cgnat",
        "100.100.100.200, metadata",
        "127.0.0.0, loopback",
        "127.255.255.255, loopback",
        "169.254.0.0, link_local",
        "169.254.255.255, link_local",
        "169.254.169.254, metadata",
        "169.254.170.2, metadata",
        "168.63.129.16, metadata",
        "172.16.0.0, private",
        "172.31.255.255, private",
        "192.0.0.0, protocol_assignment",
        "192.0.0.255, protocol_assignment",
        "192.0.2.0, documentation",
        "192.0.2.255, documentation",
        "192.88.99.0, 6to4_relay",
        "192.88.99.255, 6to4_relay",
        "192.168.0.0, private",
        "192.168.255.255, private",
        "198.18.0.0, benchmark",
        "198.19.255.255, benchmark",
        "198.51.100.0, documentation",
        "198.51.100.255, documentation",
        "203.0.113.0, documentation",
        "203.0.113.255, documentation",
        "224.0.0.0, multicast",
        "239.255.255.255, multicast",
        "240.0.0.0, reserved",
        "255.255.255.254, reserved",
        "255.255.255.255, broadcast",
        "::, unspecified",
        "::1, loopback",
        "::2, compatible",
        "::7f00:1, compatible",
        "::8.8.8.8, compatible",
        "::ffff:ffff, compatible",
        "::1:0:0, reserved",
        "::ffff:127.0.0.1, loopback",
        "::ffff:10.0.0.5, private",
        "::ffff:169.254.169.254, metadata",
        "::ffff:0:127.0.0.1, reserved",
        "64:ff9b::7f00:1, nat64",
        "64:ff9b::8.8.8.8, nat64",
        "64:ff9b:1::a00:5, nat64",
        "64:ff9b:1:ffff:ffff:ffff:ffff:ffff, nat64",
        "64:ff9b:2::, reserved",
        "2606:4700:64::8.8.8.8, nat64",
        "2a00:aaaa:0808:0808::, nat64",
        "100::, discard",
        "100::ffff:ffff:ffff:ffff, discard",
        "100:0:0:1::, reserved",
        "2001::, teredo",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, teredo",
        "2001:0:ffff:ffff:ffff:ffff:ffff:ffff, teredo",
        "2001:2::, benchmark",
        "2001:2:0:ffff:ffff:ffff:ffff:ffff, benchmark",
        "2001:10::, orchid",
        "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff, orchid",
        "2001:20::, orchid",
        "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff, orchid",
        "2001:db8::1, documentation",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, documentation",
        "2002:7f00:1::, 6to4",
        "2002:808:808::, 6to4",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 6to4",
        "3fff::, documentation",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, documentation",
        "5f00::1, segment_routing",
        "4000::, reserved",
        "1fff:ffff::, reserved",
        "fc00::1, unique_local",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, unique_local",
        "fd00:ec2::254, metadata",
        "fe80::1, link_local",
        "febf:ffff::, link_local",
        "fec0::1, site_local",
        "feff:ffff::, site_local",
        "ff00::, multicast",
        "ff02::1, multicast",
        "2a00:1450::5efe:10.0.0.1, isatap",
        "2a00:1450::200:5efe:8.8.8.8, isatap"
    })
    void forbids(String address, String addressClass) {
        assertThat(judge(guard(), address))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.ADDRESS_FORBIDDEN, addressClass));
    }

    /** What lies just outside of the blocks, and the other side of their boundaries. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "168.63.129.15",
                "168.63.129.17",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.1.255",
                "192.0.3.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "2000::",
                "2000:ffff:ffff::",
                "2001:1::1",
                "2001:2:1::",
                "2001:f:ffff::",
                "2001:30::",
                "2001:db7:ffff::",
                "2001:db9::",
                "2001:ffff::",
                "2003::",
                "2606:4700:63:ffff::1",
                "2a00:1450:4001::64",
                "2a00:1450::5eff:10.0.0.1",
                "3ffe:ffff::",
                "3fff:1000::"
            })
    void allows(String address) {
        assertThat(judge(guard(), address)).isEqualTo(new GuardVerdict.Allowed(false));
    }

    @Test
    void lets_an_exception_of_host_and_block_through() {
        AddressGuard guard = guard("*.example.com=127.0.10.0/24");
        assertThat(judge(guard, "127.0.10.1")).isEqualTo(new GuardVerdict.Allowed(true));
        assertThat(judge(guard, "127.0.11.1")).isInstanceOf(GuardVerdict.Forbidden.class);
        assertThat(guard.judge(ServerName.parse("en.example.org"), IpAddress.parse("127.0.10.1"), 443))
                .isInstanceOf(GuardVerdict.Forbidden.class);
        assertThat(guard.judge(ServerName.parse("example.com.evil.test"), IpAddress.parse("127.0.10.1"), 443))
                .isInstanceOf(GuardVerdict.Forbidden.class);
    }

    @Test
    void wants_an_exception_for_every_forbidden_form() {
        String nat64 = "64:ff9b::10.0.0.5";
        assertThat(judge(guard("*.example.com=64:ff9b::/96"), nat64))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.ADDRESS_FORBIDDEN, "private"));
        assertThat(judge(guard("*.example.com=10.0.0.0/8"), nat64))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.ADDRESS_FORBIDDEN, "nat64"));
        assertThat(judge(guard("*.example.com=10.0.0.0/8", "*.example.com=64:ff9b::/96"), nat64))
                .isEqualTo(new GuardVerdict.Allowed(true));
        assertThat(judge(guard("*.example.com=64:ff9b::/96"), "64:ff9b::8.8.8.8"))
                .isEqualTo(new GuardVerdict.Allowed(true));
    }

    @Test
    void judges_what_teredo_and_6to4_hide() {
        AddressGuard guard = guard("*.example.com=2001::/32", "*.example.com=2002::/16");
        assertThat(judge(guard, "2002:7f00:1::"))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.ADDRESS_FORBIDDEN, "loopback"));
        assertThat(judge(guard, "2001:0:808:808:0:0:80ff:fffe"))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.ADDRESS_FORBIDDEN, "loopback"));
        assertThat(judge(guard, "2002:808:808::")).isEqualTo(new GuardVerdict.Allowed(true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "64:ff9b::127.0.0.1",
                "93.184.216.34",
                "::ffff:93.184.216.34",
                "2a00:1450::5"
            })
    void forbids_its_own_listeners_even_to_exceptions(String address) {
        AddressGuard guard = guard("*=0.0.0.0/0", "*=::/0");
        assertThat(guard.judge(HOST, IpAddress.parse(address), 10443))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.SELF_CONNECTION, "self"));
        assertThat(guard.judge(HOST, IpAddress.parse(address), 443)).isInstanceOf(GuardVerdict.Allowed.class);
    }

    @Test
    void does_not_take_the_same_port_elsewhere_for_itself() {
        assertThat(guard().judge(HOST, IpAddress.parse("8.8.8.8"), 10443)).isEqualTo(new GuardVerdict.Allowed(false));
    }

    @Test
    void knows_the_addresses_of_this_machine() {
        assertThat(new LocalAddresses(System::nanoTime).get()).contains(IpAddress.parse("127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, no '='",
        "a.test=10.0.0.0/33, prefix length",
        "a.test=10.0.0, address",
        "a..test=10.0.0.0/8, label",
        "127.0.0.1=10.0.0.0/8, numeric",
        "=10.0.0.0/8, empty"
    })
    void says_what_is_wrong_with_an_exception(String text, String word) {
        assertThatThrownBy(() -> AddressException.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(word)
                .hasMessageContaining("HOST=CIDR");
    }

    @Test
    void refuses_nat64_prefixes_of_no_legal_length() {
        assertThatThrownBy(() ->
                        new AddressGuard(List.of(), List.of(Cidr.parse("2a00::/65")), () -> Set.of(), () -> Set.of()))
                .hasMessageContaining("RFC 6052");
    }

    @Test
    void what_the_policy_grants_a_connection_excepts_its_blocks_and_no_own_listener() {
        AddressGuard guard = guard();
        List<Cidr> granted = List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("127.0.0.0/8"));

        assertThat(guard.judge(HOST, IpAddress.parse("10.1.2.3"), 443, granted))
                .isEqualTo(new GuardVerdict.Allowed(true));
        assertThat(guard.judge(HOST, IpAddress.parse("10.2.2.3"), 443, granted))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.ADDRESS_FORBIDDEN, "private"));
        assertThat(guard.judge(HOST, IpAddress.parse("127.0.0.1"), 10443, granted))
                .isEqualTo(new GuardVerdict.Forbidden(Reason.SELF_CONNECTION, "self"));
    }
}
