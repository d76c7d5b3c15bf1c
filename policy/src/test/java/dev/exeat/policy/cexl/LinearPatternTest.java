package dev.exeat.policy.cexl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.testkit.Case;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinearPatternTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{100}){100}){100}",
                "(a{50}){50}",
                "a{1000}b{1000}c{1000}",
                "[a-z]{900}{3}",
                "(?:x{999}y{999}){2}",
                "(a{1,1000}){1,3}",
                "[]{]{999}a{999}a{999}",
                "\\x{41}{999}b{999}c{999}"
            })
    void refuses_what_unfolds_too_far(String pattern) {
        org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofMillis(200),
                () -> assertThatThrownBy(() -> LinearPattern.compile(pattern)).isInstanceOf(ExpressionException.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a{1000}", "[{]{3}[}]", "a{b", "\\Q((((\\E", "(a|b){5}[0-9]{1,3}", "[[:alpha:]]{2}", "x{,5}"})
    void takes_what_is_small(String pattern) {
        Assertions.assertThatCode(() -> LinearPattern.compile(pattern)).doesNotThrowAnyException();
    }

    @Test
    @Case("Y17")
    void refuses_a_long_pattern_and_deep_groups() {
        assertThatThrownBy(() -> LinearPattern.compile("a".repeat(1025)))
                .hasMessage("error parsing regexp: the pattern is longer than 1024 characters");
        assertThatThrownBy(() -> LinearPattern.compile("(".repeat(200) + ")".repeat(200)))
                .hasMessage("error parsing regexp: groups are nested deeper than 100 levels");
    }

    @Test
    @Case("Y16")
    void matches_in_linear_time() {
        LinearPattern pattern = LinearPattern.compile("(a+)+$");

        org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofMillis(500),
                () -> assertThat(pattern.foundIn("a".repeat(59) + "b")).isFalse());
    }
}
