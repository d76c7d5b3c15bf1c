package dev.exeat.policy.cexl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.FuzzRun;
import dev.exeat.testkit.fuzz.Fuzzing;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Whatever is written, there is a value or one of the two errors that callers know, on a small stack too. */
final class CexlFuzzTest {
    @Test
    void fails_only_with_errors_of_its_own_and_keeps_its_meaning() {
        FuzzRun run = Fuzzing.briefly(new CexlFuzz(), 20_000);

        assertThat(run.answers().keySet())
                .anyMatch(answer -> answer.startsWith("value BOOL"))
                .hasSizeGreaterThan(30);
    }

    @RepeatedTest(10)
    void patterns_fail_only_with_errors_of_their_own(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String alphabet = "ab01(){}[]*+?|^$.\\,:-PpdQEzx<>=!i\u00fc\n";
        for (int i = 0; i < 2000; i++) {
            StringBuilder pattern = new StringBuilder();
            for (int length = random.nextInt(24); length >= 0; length--) {
                pattern.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(found(pattern.toString())).as(pattern.toString()).isIn("true", "false", "refused");
        }
    }

    private static String found(String pattern) {
        try {
            return Boolean.toString(LinearPattern.compile(pattern).foundIn("aab0.b01"));
        } catch (ExpressionException e) {
            return "refused";
        }
    }
}
