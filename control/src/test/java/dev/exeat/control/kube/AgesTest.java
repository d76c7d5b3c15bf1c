package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "125, 2m5s",
        "599, 9m59s",
        "600, 10m",
        "10799, 179m",
        "10800, 3h",
        "11100, 3h5m",
        "28800, 8h",
        "172799, 47h",
        "172800, 2d",
        "176400, 2d1h",
        "691200, 8d",
        "63072000, 2y",
        "66528000, 2y40d",
        "252288000, 8y"
    })
    void two_units_where_the_second_still_tells_something(long seconds, String text) {
        assertThat(Ages.text(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
