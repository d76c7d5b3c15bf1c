package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class BusiestTest {
    private static final int MOST = 3;

    private long now;
    private final Busiest<String, LongAdder> busiest = new Busiest<>(MOST, LongAdder::new, () -> now);

    private void count(String value, int times) {
        for (int i = 0; i < times; i++) {
            busiest.of(value).increment();
        }
    }

    private Map<String, Long> shown() {
        Map<String, Long> all = new TreeMap<>();
        busiest.forEach((value, series) -> all.put(value, series.sum()));
        return all;
    }

    private void pass(Duration time) {
        now += time.toNanos();
        busiest.settle();
    }

    @Test
    void the_first_values_have_series_of_their_own_and_others_are_folded() {
        count("a", 1);
        count("b", 2);
        count("c", 3);
        count("d", 4);

        assertThat(shown()).isEqualTo(Map.of("a", 1L, "b", 2L, "c", 3L));
        assertThat(busiest.others().sum()).isEqualTo(4);
        assertThat(busiest.folded()).isEqualTo(4);
    }

    @Test
    void a_value_that_comes_more_than_twice_as_often_takes_the_place_of_the_least() {
        count("a", 100);
        count("b", 2);
        count("c", 100);
        count("d", 5);
        count("e", 4);
        pass(Duration.ofMinutes(1));
        count("d", 1);

        assertThat(shown()).isEqualTo(Map.of("a", 100L, "c", 100L, "d", 1L));
        assertThat(busiest.others().sum()).isEqualTo(9);
    }

    @Test
    void places_do_not_change_within_a_minute_nor_for_little() {
        count("a", 2);
        count("b", 2);
        count("c", 2);
        count("d", 9);
        pass(Duration.ofSeconds(59));
        assertThat(shown()).containsOnlyKeys("a", "b", "c");

        count("a", 3);
        count("b", 3);
        count("c", 3);
        pass(Duration.ofSeconds(1));
        assertThat(shown()).containsOnlyKeys("a", "b", "c");
    }

    @Test
    void what_is_only_looked_up_gets_a_place_while_there_is_room_and_has_not_come() {
        count("a", 1);
        count("b", 1);
        busiest.at("c").increment();
        for (int i = 0; i < 9; i++) {
            busiest.at("d").increment();
        }
        pass(Duration.ofMinutes(1));

        assertThat(shown()).isEqualTo(Map.of("a", 1L, "b", 1L, "c", 1L));
        assertThat(busiest.others().sum()).isEqualTo(9);
        assertThat(busiest.folded()).isZero();
    }

    @Test
    void what_came_since_the_last_look_weighs_the_same_with_a_place_and_without() {
        count("a", 10);
        count("b", 10);
        count("c", 10);
        count("d", 21);
        pass(Duration.ofMinutes(10));

        assertThat(shown()).containsKey("d");
    }

    @Test
    void what_was_busy_once_gives_its_place_to_what_is_busy_now() {
        count("a", 1000);
        count("b", 1000);
        count("c", 1000);
        pass(Duration.ofMinutes(1));
        pass(Duration.ofHours(2));
        count("d", 3);
        pass(Duration.ofMinutes(1));

        assertThat(shown()).containsKey("d").hasSize(MOST);
    }

    @Test
    void a_slow_value_gets_the_place_of_an_idle_one_in_time() {
        count("a", 1);
        count("b", 1);
        count("c", 1);
        for (int minute = 0; minute < 30; minute++) {
            count("d", 1);
            pass(Duration.ofMinutes(1));
        }

        assertThat(shown()).containsKey("d");
    }

    @Test
    void a_million_names_take_no_place_from_busy_ones_and_leave_it_to_one_that_becomes_busy() {
        count("a", 10);
        for (int i = 0; i < 1_000_000; i++) {
            busiest.of("flood" + i).increment();
            if (i % 4 == 0) {
                count("late", 1);
            }
        }
        pass(Duration.ofMinutes(1));
        busiest.of("a").increment();

        assertThat(shown()).hasSize(MOST).containsEntry("a", 11L).containsKey("late");
    }
}
