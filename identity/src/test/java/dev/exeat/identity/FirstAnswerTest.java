package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FirstAnswerTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private int asked;

    private Supplier<String> failing(int times, boolean transientFault) {
        return () -> {
            if (asked++ < times) {
                throw new SvidUnavailableException("try " + asked, transientFault, null);
            }
            return "an answer";
        };
    }

    @Test
    void asks_again_while_the_server_is_away() {
        assertThat(FirstAnswer.of(failing(2, true), LONG)).isEqualTo("an answer");
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void ends_at_once_where_another_try_does_not_help() {
        assertThatThrownBy(() -> FirstAnswer.of(failing(2, false), LONG))
                .isInstanceOf(SvidUnavailableException.class)
                .hasMessage("try 1");
    }

    @Test
    void ends_with_the_last_problem_when_the_time_is_over() {
        long began = System.nanoTime();

        assertThatThrownBy(() -> FirstAnswer.of(failing(1000, true), Duration.ofMillis(900)))
                .hasMessageStartingWith("try ");

        assertThat(asked).isBetween(2, 3);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void without_patience_asks_once() {
        assertThatThrownBy(() -> FirstAnswer.of(failing(1, true), Duration.ZERO))
                .hasMessage("try 1");
    }

    @Test
    void an_interrupt_ends_the_wait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> FirstAnswer.of(failing(1, true), LONG)).hasMessage("try 1");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).isEqualTo(1);
    }
}
