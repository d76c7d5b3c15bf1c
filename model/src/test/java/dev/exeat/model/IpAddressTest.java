package dev.exeat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "2001:db8::1, 2001:db8::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "fe80::, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1::3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
        "64:ff9b::127.0.0.1, 64:ff9b::7f00:1",
        "::ffff:10.0.0.1, ::ffff:a00:1",
    })
    void reads_addresses_and_writes_them_as_rfc_5952(String text, String written) {
        assertThat(IpAddress.parse(text)).hasToString(written);
        assertThat(IpAddress.parse(written)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "127.1",
                "2130706433",
                "0177.0.0.1",
                "01.2.3.4",
                "1.2.3.256",
                "1.2.3.4.5",
                "1.2.3.",
                "0x7f.0.0.1",
                "a.b.c.d",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8:9",
                "12345::",
                "g::",
                "::1%eth0",
                "[::1]",
                "1.2.3.4::",
                "::1.2.3",
                "1:",
                ":1",
                "1:2:3:4:5:6:7:",
                "localhost"
            })
    void refuses_text_that_is_no_address(String text) {
        assertThatExceptionOfType(InvalidNameException.class).as(text).isThrownBy(() -> IpAddress.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "100.64.0.0/10, 100.127.255.255, true",
        "100.64.0.0/10, 100.128.0.0, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "1.2.3.4, 1.2.3.4, true",
        "1.2.3.4, 1.2.3.5, false",
        "fc00::/7, fdff::1, true",
        "fc00::/7, fe00::1, false",
        "2001:db8::1, 2001:db8::1, true",
        "::/0, 1.2.3.4, false",
    })
    void a_block_holds_its_addresses(String block, String address, boolean expected) {
        assertThat(Cidr.parse(block).contains(IpAddress.parse(address))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "/8"})
    void refuses_blocks_with_a_wrong_prefix(String block) {
        assertThatExceptionOfType(InvalidNameException.class).isThrownBy(() -> Cidr.parse(block));
    }
}
