package dev.exeat.policy.cexl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "0s, 0s",
        "1.5s, 1.5s",
        "61s, 1m1s",
        "600ms, 600ms",
        "123.4s, 2m3.4s",
        "1h, 1h0m0s",
        "1h5s, 1h0m5s",
        "1500us, 1.5ms",
        "2us, 2\u00b5s",
        "7ns, 7ns",
        "-1.5h, -1h30m0s",
        "+5s, 5s",
        ".5s, 500ms",
        "1.s, 1s"
    })
    void reads_and_writes_as_go_does(String text, String written) {
        assertThat(GoDuration.parse(text))
                .isNotNull()
                .satisfies(duration -> assertThat(GoDuration.format(duration)).isEqualTo(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", ".s", "1.2.3s", "1d", "1 s", "-", "9999999h", "5S", "1e3s", "00"})
    void takes_nothing_else(String text) {
        assertThat(GoDuration.parse(text)).isNull();
    }
}
