package dev.exeat.flow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FlowWriterTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<Entry> written = new CopyOnWriteArrayList<>();

    /** Takes what it is given, but for what a test says. */
    private class Table implements FlowTable {
        @Override
        public void append(List<Entry> batch) {
            written.addAll(batch);
        }

        @Override
        public void prune(Retention retention, Instant now) {}

        @Override
        public int closeLost() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static ConnectionRecord record(String id, Event event) {
        return new ConnectionRecord(
                id,
                Instant.EPOCH,
                event,
                "tunnel",
                "connect-h2",
                new ConnectionRecord.Source(null, "10.0.0.1", 1),
                new ConnectionRecord.Names("a.test", null, 443),
                new ConnectionRecord.Route(List.of(), List.of(), List.of(), null),
                new ConnectionRecord.Ruling(Verdict.ALLOWED, null, null, "", null, "01"),
                null,
                null,
                new ConnectionRecord.Traffic(1, 2, ""),
                new ConnectionRecord.Durations(1, 1, 1, 1, 1, 1));
    }

    private static FlowWriter writer(FlowTable table) {
        return new FlowWriter(table, Retention.USUAL, InstantSource.system());
    }

    @Test
    void what_is_written_reaches_the_store_by_itself() {
        try (FlowWriter writer = writer(new Table())) {
            writer.write(record("a-1", Event.FINAL));

            await().atMost(SOON).until(() -> written.size() == 1);
            await().atMost(SOON).until(() -> writer.written() == 1);
        }
    }

    @Test
    void what_was_taken_is_written_at_the_end() {
        FlowWriter writer = writer(new Table());
        for (int i = 0; i < 20_000; i++) {
            writer.write(record("a-" + i, Event.FINAL));
        }
        writer.close();

        assertThat(written).hasSize(20_000);
        writer.write(record("b-1", Event.FINAL));
        assertThat(writer.dropped()).isOne();
    }

    @Test
    void a_connection_that_ends_within_a_batch_is_written_once() {
        FlowWriter writer = writer(new Table());
        writer.write(record("a-1", Event.OPEN));
        writer.write(record("a-1", Event.FINAL));
        writer.close();

        assertThat(written.getLast().open()).isFalse();
        assertThat(writer.written()).isEqualTo(2);
    }

    @Test
    void a_store_that_fails_costs_the_batch_and_is_tried_again() {
        boolean[] broken = {true};
        FlowWriter writer = writer(new Table() {
            @Override
            public void append(List<Entry> batch) {
                if (broken[0]) {
                    broken[0] = false;
                    throw new FlowStoreException("full", new IOException("full"));
                }
                super.append(batch);
            }
        });
        writer.write(record("a-1", Event.FINAL));
        await().atMost(SOON).until(() -> writer.dropped() == 1);
        writer.write(record("a-2", Event.FINAL));
        writer.close();

        assertThat(written).extracting(Entry::id).containsExactly("a-2");
    }

    @Test
    void a_store_that_hangs_holds_nobody_up() throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        FlowWriter writer = writer(new Table() {
            @Override
            public void append(List<Entry> batch) {
                hanging.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.append(batch);
            }
        });
        writer.write(record("a-0", Event.FINAL));
        hanging.await();

        for (int i = 1; i <= 70_000; i++) {
            writer.write(record("a-" + i, Event.FINAL));
        }

        assertThat(writer.dropped()).isEqualTo(70_000 - 65_536);
        released.countDown();
        writer.close();
        assertThat(writer.written()).isEqualTo(65_537);
    }
}
