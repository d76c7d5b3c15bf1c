package dev.exeat.policy.cexl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.testkit.Case;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long and how deep an expression may be. */
final class CexlBoundsTest {
    private static final Vocabulary VOCABULARY = new Vocabulary(Map.of(
            "s", ValueType.STRING,
            "t", ValueType.STRING,
            "gone", ValueType.STRING,
            "gone2", ValueType.STRING,
            "yes", ValueType.BOOL,
            "no", ValueType.BOOL,
            "absent", ValueType.BOOL,
            "labels", ValueType.STRING_MAP));

    private static final Map<String, Object> VALUES =
            Map.of("s", "en.wikipedia.org", "t", "", "yes", true, "no", false, "labels", Map.of());

    private static CompiledExpression compile(String source) {
        return CompiledExpression.compile(source, VOCABULARY);
    }

    private static Object evaluate(String source) {
        return compile(source).evaluate(VALUES::get);
    }

    @Test
    @Case("Y19")
    void refuses_an_expression_of_more_than_ten_thousand_characters() {
        String longest = "s == \"" + "x".repeat(10_000 - 7) + "\"";

        assertThat(evaluate(longest)).isEqualTo(false);
        assertThatThrownBy(() -> compile(longest + " ")).hasMessage("the expression is longer than 10000 characters");
    }

    @ParameterizedTest
    @CsvSource({"'(', 's', ')'", "'!', 's', ''", "'toLower(', 's', ')'", "'labels[', 's', ']'"})
    @Case("Y19")
    void refuses_an_expression_nested_too_deep(String open, String middle, String close) {
        String deep = open.repeat(300) + middle + close.repeat(300);

        assertThatThrownBy(() -> compile(deep)).hasMessage("the expression is nested deeper than 64 levels");
    }

    @Test
    void refuses_a_longer_chain_than_the_stack_should_hold() {
        assertThatThrownBy(() -> compile("s" + "+s".repeat(300)))
                .hasMessage("the expression chains more than 100 operations");
        assertThatThrownBy(() -> compile("(".repeat(20) + "s" + ("+s".repeat(20) + ")").repeat(20)))
                .hasMessage("the expression chains more than 100 operations");
    }

    @ParameterizedTest
    @CsvSource({"yes, &&yes, true", "no, ||no, false", "no, &&absent, false", "yes, ||absent, true"})
    void takes_a_chain_as_long_as_the_text_may_be(String first, String link, boolean result) {
        String chain = first + link.repeat((10_000 - first.length()) / link.length());

        assertThat(evaluate(chain)).isEqualTo(result);
    }

    @Test
    void a_long_chain_keeps_its_order() {
        assertThat(evaluate("gone | ".repeat(500) + "s" + " | t".repeat(500))).isEqualTo("en.wikipedia.org");
        assertThat(evaluate("(" + "gone | ".repeat(500) + "gone2) | t")).isEqualTo("");
        assertThat(compile("yes && ".repeat(100) + "no && absent").explain(VALUES::get))
                .isEqualTo("no is false, where no = false");
        assertThatThrownBy(() -> evaluate("yes && ".repeat(100) + "absent && no"))
                .hasMessage("lookup failed: 'absent'");
    }

    @Test
    void takes_the_deepest_expression_on_a_small_stack() throws InterruptedException {
        String deep = "toLower(".repeat(62) + "s" + ")".repeat(62) + "+t".repeat(36);
        StringBuilder result = new StringBuilder();
        Thread thread = new Thread(null, () -> result.append(evaluate(deep)), "small", 256L * 1024);

        thread.start();
        thread.join();

        assertThat(result).hasToString("en.wikipedia.org");
    }
}
