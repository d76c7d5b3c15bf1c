package dev.exeat.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void takes_the_middle_of_an_odd_number_of_rounds() {
        assertThat(Spread.of(9, 1, 5)).isEqualTo(new Spread(1, 5, 9, 3));
    }

    @Test
    void takes_the_mean_of_the_two_in_the_middle_of_an_even_number() {
        assertThat(Spread.of(4, 1, 2, 100)).isEqualTo(new Spread(1, 3, 100, 4));
    }

    @Test
    void refuses_no_values() {
        assertThatThrownBy(Spread::of).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shows_the_range_only_where_there_is_one() {
        assertThat(Spread.of(0.5).text()).isEqualTo("0.50");
        assertThat(Spread.of(0.123, 12.34, 1234.5).text()).isEqualTo("12.3 [0.12..1235]");
    }

    @Test
    void ratios_are_taken_within_a_round() {
        Series mine = new Series("a", "cpu", List.of(1.0, 20.0, 3.0));
        Series its = new Series("b", "cpu", List.of(2.0, 10.0, 3.0));

        // The ratio of the medians would be 1.
        assertThat(mine.by(its)).contains(new Spread(0.5, 1, 2, 3));
    }

    @Test
    void rounds_that_one_of_both_has_not_are_left_out() {
        Series mine = new Series("a", "cpu", Arrays.asList(1.0, null, 3.0, 4.0));
        Series its = new Series("b", "cpu", Arrays.asList(2.0, 10.0, null));

        assertThat(mine.by(its)).contains(new Spread(0.5, 0.5, 0.5, 1));
        assertThat(new Series("c", "cpu", Arrays.asList((Double) null)).by(its)).isEmpty();
    }
}
