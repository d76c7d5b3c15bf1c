package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HelloOracle;
import dev.exeat.testkit.fuzz.FuzzRun;
import dev.exeat.testkit.fuzz.Fuzzing;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reader and an independent parser must agree on every input, sound or broken at random. */
class HelloDifferentialTest {
    static List<HelloCase> cases() {
        return HelloCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agrees_on_the_catalogue(HelloCase one) {
        HelloProgress progress = new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(one.octets()));
        assertThat(HelloFuzz.verdict(progress)).isEqualTo(HelloOracle.judge(one.octets(), HelloReader.DEFAULT_LIMIT));
    }

    @Test
    void agrees_on_mutated_hellos() {
        FuzzRun run = Fuzzing.briefly(new HelloFuzz(), 20_000);

        // Without a spread of verdicts agreement would prove little.
        assertThat(run.answers()).containsKey("more").hasSizeGreaterThan(25);
        assertThat(run.answers().keySet()).anyMatch(answer -> answer.startsWith("valid"));
    }

    @Test
    void no_second_hello_names_another_host() {
        Fuzzing.briefly(new HelloWatcherFuzz(), 10_000);
    }
}
