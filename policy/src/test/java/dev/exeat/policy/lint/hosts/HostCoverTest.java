package dev.exeat.policy.lint.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.HostPattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostCoverTest {
    private final HostCover cover =
            new HostCover().add(HostPattern.parse("a.example.org")).add(HostPattern.parse("*.example.net"));

    @ParameterizedTest
    @CsvSource({
        "a.example.org, true, true",
        "b.example.org, false, false",
        "example.org, false, false",
        "*.example.org, false, true",
        "*.org, false, true",
        "*.a.example.org, false, false",
        "x.example.net, true, true",
        "*.example.net, true, true",
        "*.x.example.net, true, true",
        "example.net, false, false",
        "*.net, false, true",
        "*, false, true"
    })
    void tells_what_is_covered_and_what_has_names_in_common(String pattern, boolean covers, boolean meets) {
        assertThat(cover.covers(HostPattern.parse(pattern))).isEqualTo(covers);
        assertThat(cover.meets(HostPattern.parse(pattern))).isEqualTo(meets);
    }
}
