package dev.exeat.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.cli.options.LabelConverter.Label;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "500ms, PT0.5S",
        "60s, PT1M",
        "5m, PT5M",
        "24h, PT24H",
        "7d, PT168H",
        "1h30m, PT1H30M",
        "999999999s, PT999999999S"
    })
    void reads_durations(String text, Duration expected) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "s", "-1s", "1.5s", "1S", "5 m", "1000000000s", "1w", "5m3"})
    void refuses_other_durations(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("for example 60s");
    }

    @ParameterizedTest
    @CsvSource({"65536, 65536", "64K, 65536", "64KiB, 65536", "1m, 1048576", "0, 0", "5b, 5", "2G, 2147483648"})
    void reads_sizes(String text, long expected) {
        assertThat(new SizeConverter().convert(text).count()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "-1", "1T", "1.5K", "9999999999"})
    void refuses_other_sizes(String text) {
        assertThatThrownBy(() -> new SizeConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:0, 127.0.0.1, 0",
        "[::1]:65535, 0:0:0:0:0:0:0:1, 65535",
        "localhost:80, 127.0.0.1, 80",
        "0.0.0.0:1, 0.0.0.0, 1"
    })
    void reads_addresses(String text, String host, int port) {
        InetSocketAddress address = new AddressConverter().convert(text);

        assertThat(address.getAddress().getHostAddress()).isEqualTo(host);
        assertThat(address.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "1",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:65536",
                "127.1:80",
                "0x7f.1:80",
                "::1:80",
                "[::1]",
                "[127.0.0.1:80",
                "host:80",
                "127.0.0.1:-1",
                "127.0.0.1:+1",
                "127.0.0.1:٣"
            })
    void refuses_other_addresses(String text) {
        assertThatThrownBy(() -> new AddressConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.53, 53", "192.0.2.53:5353, 5353", "[2001:db8::53], 53", "[2001:db8::53]:5353, 5353"})
    void gives_name_servers_their_port(String text, int port) {
        assertThat(new ResolverConverter().convert(text).getPort()).isEqualTo(port);
    }

    @Test
    void leaves_the_name_of_a_gateway_to_be_resolved_later() {
        assertThat(new EndpointConverter().convert("gw.example.org:10443"))
                .isEqualTo(InetSocketAddress.createUnresolved("gw.example.org", 10443));
        assertThatThrownBy(() -> new EndpointConverter().convert("127.0.0.1:0"))
                .hasMessageContaining("port 0 cannot be dialled");
    }

    @Test
    void reads_what_curl_reads_as_connect_to() {
        assertThat(new ConnectToConverter().convert("example.com:443:[::1]:8443"))
                .satisfies(to -> assertThat(to.host().toString()).isEqualTo("example.com"))
                .satisfies(to -> assertThat(to.port()).isEqualTo(443))
                .satisfies(to -> assertThat(to.target().getPort()).isEqualTo(8443));
        assertThat(new ConnectToConverter().convert("::127.0.0.1:8443"))
                .satisfies(to -> assertThat(to.host().toString()).isEqualTo("*"))
                .satisfies(to -> assertThat(to.port()).isZero());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a.b:443", "a.b:443:127.0.0.1:0", "a.b:0:127.0.0.1:1", "a.b:443:c.d:1", "*a.b:1:127.0.0.1:1"
            })
    void refuses_other_ways_to_connect(String text) {
        assertThatThrownBy(() -> new ConnectToConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void reads_exceptions_of_the_address_guard() {
        assertThat(new AllowAddressConverter()
                        .convert("*.corp.example=10.1.0.0/16")
                        .block()
                        .prefix())
                .isEqualTo(16);
        assertThatThrownBy(() -> new AllowAddressConverter().convert("a.example=10.1.0.0/33"))
                .hasMessageContaining("HOST=CIDR");
    }

    @Test
    void reads_labels() {
        assertThat(new LabelConverter().convert("app=a=b")).isEqualTo(new Label("app", "a=b"));
        assertThat(new LabelConverter().convert("app=")).isEqualTo(new Label("app", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "https://h.example:1, https://h.example:1",
        "h.example:1, https://h.example:1",
        "https://[::1]:1, https://[::1]:1",
        "https://h.example:1/, https://h.example:1"
    })
    void reads_the_url_of_a_server(String text, URI expected) {
        assertThat(new ServerUrlConverter().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://h:1",
                "https://",
                "https://h:1/path",
                "https://u@h:1",
                "https://h:1?q",
                "ftp://h:1",
                "https://h:0"
            })
    void refuses_other_urls(String text) {
        assertThatThrownBy(() -> new ServerUrlConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
