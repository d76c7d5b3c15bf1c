package dev.exeat.control.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PodLogTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final PodLog log = new PodLog(() -> Instant.EPOCH);
    private final AtomicBoolean gone = new AtomicBoolean();

    private java.util.List<String> texts(long from) {
        return log.from(from).stream().map(PodLog.Line::text).toList();
    }

    @Test
    void the_last_lines_are_found_and_then_those_that_follow() throws Exception {
        for (int i = 0; i < 5; i++) {
            log.append("line " + i + "\n");
        }
        long first = log.fromLast(2);
        assertThat(texts(first)).containsExactly("line 3", "line 4");
        assertThat(texts(log.fromLast(Long.MAX_VALUE))).hasSize(5);

        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(() -> await(first + 2));
        log.append("line 5".getBytes(StandardCharsets.UTF_8));

        assertThat(more.get()).isTrue();
        assertThat(texts(first + 2)).containsExactly("line 5");
    }

    private boolean await(long number) {
        try {
            return log.await(number, SOON, gone::get);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void who_waits_is_told_of_the_end() throws Exception {
        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(() -> await(0));

        log.end();

        assertThat(more.get()).isFalse();
        assertThat(log.isEnded()).isTrue();
    }

    @Test
    void who_has_gone_waits_no_longer() throws Exception {
        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(() -> await(0));
        gone.set(true);
        log.wake();
        assertThat(more.get(SOON.toMillis() / 2, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void it_keeps_a_bounded_number_of_lines_and_of_octets() {
        for (int i = 0; i < PodLog.MOST_LINES + 10; i++) {
            log.append("x");
        }
        assertThat(log.from(0)).hasSize(PodLog.MOST_LINES);
        assertThat(log.from(0).getFirst().number()).isEqualTo(10);

        String longest = "y".repeat(100_000);
        for (int i = 0; i < 1000; i++) {
            log.append(longest);
        }
        assertThat(log.from(0).stream().mapToLong(line -> line.text().length()).sum())
                .isLessThanOrEqualTo(4 * 1024 * 1024);
    }

    @Test
    void what_a_program_prints_is_cut_into_lines() {
        LineCutter cutter = new LineCutter(log);
        byte[] first = "one\r\ntw".getBytes(StandardCharsets.UTF_8);
        byte[] second = "o\n\nrest".getBytes(StandardCharsets.UTF_8);
        cutter.take(first, first.length);
        cutter.take(second, second.length);
        cutter.end();

        assertThat(texts(0)).containsExactly("one", "two", "", "rest");
    }
}
