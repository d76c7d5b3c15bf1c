package dev.exeat.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedCountsTest {

    @Test
    void gives_each_key_its_limit_and_no_other_key_less() {
        KeyedCounts<String> counts = new KeyedCounts<>(2);

        assertThat(List.of(counts.enter("a"), counts.enter("a"), counts.enter("a"), counts.enter("b")))
                .containsExactly(true, true, false, true);
        counts.leave("a");
        assertThat(counts.enter("a")).isTrue();
        assertThat(counts.top(1)).containsExactly(new KeyedCounts.Count<>("a", 2));
        assertThat(counts.highest()).isEqualTo(2);
    }

    @Test
    void keeps_nothing_of_a_key_without_a_count() {
        KeyedCounts<Integer> counts = new KeyedCounts<>(1);
        for (int key = 0; key < 100_000; key++) {
            counts.enter(key);
            counts.leave(key);
        }

        assertThat(counts.keys()).isZero();
        assertThat(counts.highest()).isZero();
    }

    @Test
    void says_when_something_is_given_back_twice() {
        KeyedCounts<String> counts = new KeyedCounts<>(1);
        counts.enter("a");
        counts.leave("a");

        assertThatThrownBy(() -> counts.leave("a")).isInstanceOf(IllegalStateException.class);
    }

    /** Threads come and go at random; each checks what it can know, and at the end nothing is left. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void counts_exactly_whichever_threads_come_and_go(long seed) throws Exception {
        KeyedCounts<Integer> counts = new KeyedCounts<>(5);
        AtomicInteger[] held = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(seed * 31 + thread);
                running.add(threads.submit(() -> comeAndGo(counts, held, random)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertThat(counts.keys()).isZero();
    }

    private static void comeAndGo(KeyedCounts<Integer> counts, AtomicInteger[] held, Random random) {
        List<Integer> own = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            int key = random.nextInt(held.length);
            if (random.nextBoolean() && counts.enter(key)) {
                assertThat(held[key].incrementAndGet()).isLessThanOrEqualTo(5);
                own.add(key);
            } else if (!own.isEmpty()) {
                leave(counts, held, own.remove(random.nextInt(own.size())));
            }
        }
        own.forEach(key -> leave(counts, held, key));
    }

    private static void leave(KeyedCounts<Integer> counts, AtomicInteger[] held, int key) {
        held[key].decrementAndGet();
        counts.leave(key);
    }
}
