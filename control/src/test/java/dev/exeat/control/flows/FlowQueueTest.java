package dev.exeat.control.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.query.FlowReader;
import dev.exeat.flow.store.StoredFlow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FlowQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static StoredFlow flow(long sequence) {
        return new StoredFlow(sequence, new FlowReader().read("""
                {"version":1,"time":"2026-01-02T03:04:05Z","id":"a-%d","event":"final","verdict":"allowed"}""".formatted(sequence)));
    }

    @Test
    void the_oldest_give_way_and_are_counted() throws InterruptedException {
        FlowQueue queue = new FlowQueue(_ -> true, 3);
        for (int i = 1; i <= 5; i++) {
            queue.offer(flow(i));
        }

        FlowQueue.Taken taken = queue.take(Duration.ZERO);

        assertThat(taken.flows()).extracting(StoredFlow::sequence).containsExactly(3L, 4L, 5L);
        assertThat(taken.missed()).isEqualTo(2);
        assertThat(queue.take(Duration.ZERO)).isEqualTo(new FlowQueue.Taken(List.of(), 0, false));
    }

    @Test
    void what_does_not_fit_takes_no_place() throws InterruptedException {
        FlowQueue queue = new FlowQueue(flow -> flow.sequence() == 2, 1);
        for (int i = 1; i <= 3; i++) {
            queue.offer(flow(i));
        }

        FlowQueue.Taken taken = queue.take(Duration.ZERO);

        assertThat(taken.flows()).extracting(StoredFlow::sequence).containsExactly(2L);
        assertThat(taken.missed()).isZero();
    }

    @Test
    void who_waits_is_woken_by_what_comes_and_by_the_end() throws Exception {
        FlowQueue queue = new FlowQueue(_ -> true, 3);
        CompletableFuture<FlowQueue.Taken> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take(LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        queue.offer(flow(1));
        assertThat(waiting.get().flows()).hasSize(1);

        queue.end();
        assertThat(queue.take(LONG).ended()).isTrue();
    }
}
