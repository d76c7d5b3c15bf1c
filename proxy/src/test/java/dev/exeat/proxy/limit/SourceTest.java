package dev.exeat.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
        "2001:db8:1:2::, 2001:db8:1:2::",
        "2001:db8:1:3::1, 2001:db8:1:3::",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::1, ::"
    })
    void takes_one_host_for_one(String address, String source) {
        assertThat(Source.of(IpAddress.parse(address))).isEqualTo(IpAddress.parse(source));
    }
}
