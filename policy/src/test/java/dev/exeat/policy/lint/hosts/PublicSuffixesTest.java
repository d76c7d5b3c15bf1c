package dev.exeat.policy.lint.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.policy.lint.hosts.PublicSuffixes.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicSuffixesTest {
    private static final PublicSuffixes BUNDLED = PublicSuffixes.bundled();

    @ParameterizedTest
    @CsvSource({
        "com, REGISTRY",
        "co.uk, REGISTRY",
        "github.io, PLATFORM",
        "foo.ck, REGISTRY",
        "xn--55qx5d.cn, REGISTRY",
        "s3.eu-central-1.amazonaws.com, PLATFORM"
    })
    void knows_who_gives_names_away(String name, Kind kind) {
        assertThat(BUNDLED.kind(name)).isEqualTo(kind);
        assertThat(BUNDLED.isShared(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com",
        "wikipedia.org",
        "github.com",
        "www.ck",
        "shop.example.co.uk",
        "corp",
        "svc.cluster.local"
    })
    void a_name_of_one_owner_is_not_shared(String name) {
        assertThat(BUNDLED.kind(name)).isNull();
        assertThat(BUNDLED.isShared(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"amazonaws.com", "windows.net", "ck"})
    void a_name_above_a_public_suffix_is_shared(String name) {
        assertThat(BUNDLED.kind(name)).isNull();
        assertThat(BUNDLED.below(name)).endsWith("." + name);
        assertThat(BUNDLED.isShared(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.co.uk, example.co.uk",
        "example.com, example.com",
        "a.b.someone.github.io, someone.github.io",
        "www.ck, www.ck",
        "a.b.corp, b.corp"
    })
    void finds_what_one_owner_has(String name, String registrable) {
        assertThat(BUNDLED.registrable(name)).isEqualTo(registrable);
    }

    @Test
    void a_public_suffix_itself_belongs_to_nobody() {
        assertThat(BUNDLED.registrable("co.uk")).isNull();
    }

    @Test
    void an_exception_of_the_list_has_one_owner() {
        PublicSuffixes list = PublicSuffixes.parse(Stream.of(
                "// comment", "", "jp", "*.kobe.jp", "!city.kobe.jp", "// ===BEGIN PRIVATE DOMAINS===", "x.jp"));

        assertThat(list.kind("a.kobe.jp")).isEqualTo(Kind.REGISTRY);
        assertThat(list.kind("city.kobe.jp")).isNull();
        assertThat(list.kind("x.jp")).isEqualTo(Kind.PLATFORM);
    }
}
