package dev.exeat.policy.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearNameTest {
    @ParameterizedTest
    @CsvSource({
        "us.wikipedia.org, en.wikipedia.org, en.wikipedia.org is beside it",
        "wikipedia.org, *.wikipedia.org, *.wikipedia.org does not cover wikipedia.org itself",
        "en.wikipedia.org, wikipedia.org, wikipedia.org does not cover en.wikipedia.org below it",
        "a.b.wikipedia.org, *.wikipedia.org, *.wikipedia.org does not cover a.b.wikipedia.org below it",
        "en.wikipedia.org, EN.wikipedia.org, but for the case of its letters it is EN.wikipedia.org",
        "example.com, example.org, ''",
        "example.com, other.com, ''",
        "example.com, com, ''",
        "notwikipedia.org, wikipedia.org, ''",
        "a.x.org, *.b.y.org, ''"
    })
    void one_label_is_near(String name, String listed, String near) {
        assertThat(NearName.of(name, listed)).isEqualTo(near);
    }
}
