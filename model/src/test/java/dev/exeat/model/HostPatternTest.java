package dev.exeat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*.wikipedia.org, en.wikipedia.org, true",
        "*.wikipedia.org, a.b.wikipedia.org, true",
        "*.wikipedia.org, wikipedia.org, false",
        "*.wikipedia.org, evilwikipedia.org, false",
        "*.wikipedia.org, en.wikipedia.org.evil.test, false",
        "en.wikipedia.org, en.wikipedia.org, true",
        "en.wikipedia.org, m.en.wikipedia.org, false",
        "EN.Wikipedia.ORG, en.wikipedia.org, true",
        "*.test, a.test, true",
        "*, any.name, true",
    })
    void matches_whole_labels_and_never_the_apex(String pattern, String name, boolean expected) {
        assertThat(HostPattern.parse(pattern).matches(ServerName.parse(name))).isEqualTo(expected);
    }

    @Test
    void stores_u_labels_as_a_labels() {
        assertThat(HostPattern.parse("MÜNCHEN.test")).isEqualTo(HostPattern.parse("xn--mnchen-3ya.test"));
        assertThat(HostPattern.parse("*.bücher.test")).hasToString("*.xn--bcher-kva.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"w*.org", "*wiki.org", "www.*", "*.*.org", "**.org", "*.", "", "a.b.", "10.0.0.1", "*.1"})
    void refuses_other_stars_and_bad_names(String pattern) {
        assertThatExceptionOfType(InvalidNameException.class).isThrownBy(() -> HostPattern.parse(pattern));
    }

    /** IDNA 2003 makes "strasse.test" of the first, which is another domain than the one that browsers go to. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "straße.test",
                "*.STRAẞE.test",
                "σας.test",
                "a\u200db.test",
                "Ⴀ.test",
                "Ӏ.test",
                "\ud83e\udd8a.test"
            })
    void refuses_u_labels_of_which_standards_make_different_names(String pattern) {
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> HostPattern.parse(pattern))
                .withMessageContaining("A-labels");
    }
}
