package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.SpaceSaving.Count;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpaceSavingTest {
    private static final int PLACES = 32;

    private final SpaceSaving<Integer> counts = new SpaceSaving<>(PLACES);

    @Test
    void counts_exactly_while_there_are_places() {
        for (int i = 0; i < 5; i++) {
            counts.add(1);
            counts.add(2);
        }
        counts.add(2);
        counts.add(3);

        assertThat(counts.frequent()).containsExactly(new Count<>(2, 6), new Count<>(1, 5));
    }

    @Test
    void a_flood_of_new_keys_is_not_frequent_and_does_not_hide_one_that_is() {
        for (int i = 0; i < 1_000_000; i++) {
            counts.add(i + 10);
            if (i % 20 == 0) {
                counts.add(1);
            }
        }

        assertThat(counts.frequent()).extracting(Count::key).containsExactly(1);
    }

    @Test
    void never_tells_more_than_truly_came() {
        Random random = new Random(7);
        Map<Integer, Integer> truly = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            int key = (int) Math.abs(random.nextGaussian() * 60);
            truly.merge(key, 1, Integer::sum);
            counts.add(key);
            if (i % 1000 == 999) {
                int gone = random.nextInt(60);
                counts.remove(gone);
                truly.remove(gone);
            }
        }

        List<Count<Integer>> frequent = counts.frequent();
        assertThat(frequent)
                .isNotEmpty()
                .allSatisfy(count -> assertThat(count.least()).isLessThanOrEqualTo(truly.getOrDefault(count.key(), 0)));
    }

    @Test
    void what_was_counted_long_ago_weighs_less() {
        for (int i = 0; i < 8; i++) {
            counts.add(1);
        }
        counts.fade(0.5);
        counts.add(2);
        counts.add(2);

        assertThat(counts.frequent()).containsExactly(new Count<>(1, 4), new Count<>(2, 2));
    }
}
