package dev.exeat.policy.lint.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.IDN;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookAlikesTest {

    @ParameterizedTest
    @CsvSource({"аррӏе, apple", "раураӏ, paypal", "ехсеӏ, excel", "ѕсоре, scope", "gооgle, google"})
    void reads_foreign_letters_as_people_do(String label, String plain) {
        assertThat(LookAlikes.plain(label)).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apple", "münchen", "пример", "例え", "xyz-1", "ελλάδα"})
    void a_label_that_looks_like_no_plain_one_reads_as_itself(String label) {
        assertThat(LookAlikes.plain(label)).isNull();
        assertThat(LookAlikes.mixture(label)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"аpple, Cyrillic and Latin", "βeta, Greek and Latin", "пример例, Cyrillic and Han"})
    void scripts_that_do_not_belong_together_are_a_mixture(String label, String scripts) {
        assertThat(LookAlikes.mixture(label)).isEqualTo(scripts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"日本語テスト", "東京tower", "한국어abc", "example-123"})
    void scripts_that_are_written_together_are_no_mixture(String label) {
        assertThat(LookAlikes.mixture(label)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "examp1e.com, example.com",
        "g00gle.com, google.com",
        "rnicrosoft.com, microsoft.com",
        "vvikipedia.org, wikipedia.org"
    })
    void names_that_look_alike_have_one_skeleton(String left, String right) {
        assertThat(LookAlikes.skeleton(left)).isEqualTo(LookAlikes.skeleton(right));
    }

    @Test
    void an_a_label_looks_as_it_is_shown() {
        String name = IDN.toASCII("аррӏе.com", IDN.ALLOW_UNASSIGNED);

        assertThat(name).startsWith("xn--");
        assertThat(LookAlikes.unicode(name)).isEqualTo("аррӏе.com");
        assertThat(LookAlikes.skeleton(name)).isEqualTo(LookAlikes.skeleton("apple.com"));
        assertThat(LookAlikes.skeleton("example.com")).isNotEqualTo(LookAlikes.skeleton("examples.com"));
    }
}
