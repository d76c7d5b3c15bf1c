package dev.exeat.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateTableTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

    private static <K> int taken(RateTable<K> table, K key, int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += table.take(key) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void gives_a_burst_and_then_what_the_rate_gives() {
        RateTable<String> table = new RateTable<>(10, 50, clock::get);

        assertThat(taken(table, "a", 100)).isEqualTo(50);
        clock.addAndGet(SECOND);
        assertThat(taken(table, "a", 100)).isEqualTo(10);
        clock.addAndGet(100 * SECOND);
        assertThat(taken(table, "a", 100))
                .as("no more than a burst, however long the rest")
                .isEqualTo(50);
    }

    @Test
    void lets_nobody_pay_for_another() {
        RateTable<String> table = new RateTable<>(1, 10, clock::get);
        taken(table, "a", 1000);

        assertThat(taken(table, "b", 10)).isEqualTo(10);
    }

    @Test
    void a_flood_of_keys_wins_back_no_token() {
        RateTable<Integer> table = new RateTable<>(1, 3, clock::get, 100);
        assertThat(taken(table, -1, 10)).isEqualTo(3);
        for (int key = 0; key < 10_000; key++) {
            table.take(key);
        }

        assertThat(table.take(-1)).isFalse();
        assertThat(table.keys()).isLessThanOrEqualTo(100);
    }

    @Test
    void those_beyond_a_full_table_share_one_bucket_until_there_is_room() {
        RateTable<Integer> table = new RateTable<>(1, 3, clock::get, 10);
        for (int key = 0; key < 10; key++) {
            table.take(key);
        }

        assertThat(table.take(100) && table.take(101) && table.take(102)).isTrue();
        assertThat(table.take(103)).isFalse();
        clock.addAndGet(5 * SECOND);
        assertThat(taken(table, 104, 10)).isEqualTo(3);
        assertThat(taken(table, 105, 10)).isEqualTo(3);
    }

    @Test
    void gives_no_token_twice_whichever_threads_ask() throws Exception {
        RateTable<String> table = new RateTable<>(1, 5_000, clock::get);
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(threads.submit(() -> taken.addAndGet(taken(table, "a", 4_000))));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }

        assertThat(taken).hasValue(5_000);
    }
}
