package dev.exeat.flow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.WriterReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FlowWriterTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<Entry> written = new CopyOnWriteArrayList<>();
    private final List<String> givenUp = new CopyOnWriteArrayList<>();

    /** Takes what it is given, but for what a test says. */
    private class Table implements FlowTable {
        @Override
        public void append(List<Entry> batch) {
            written.addAll(batch);
        }

        @Override
        public boolean prune(Retention retention, Instant now) {
            return false;
        }

        @Override
        public void giveUp(Collection<String> ids) {
            ids.stream()
                    .filter(id -> written.stream()
                            .anyMatch(entry -> entry.open() && entry.id().equals(id)))
                    .forEach(givenUp::add);
        }

        @Override
        public int closeLost() {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** Writes nothing until it is released. */
    private class Hanging extends Table {
        private final CountDownLatch released = new CountDownLatch(1);
        private final CountDownLatch hangs = new CountDownLatch(1);

        @Override
        public void append(List<Entry> batch) {
            hangs.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            super.append(batch);
        }
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
    void whatever_a_store_throws_costs_no_more_than_the_batch() {
        boolean[] broken = {true};
        FlowWriter writer = writer(new Table() {
            @Override
            public void append(List<Entry> batch) {
                if (broken[0]) {
                    broken[0] = false;
                    throw new IllegalStateException("unforeseen");
                }
                super.append(batch);
            }

            @Override
            public boolean prune(Retention retention, Instant now) {
                throw new IllegalStateException("unforeseen");
            }

            @Override
            public int closeLost() {
                throw new IllegalStateException("unforeseen");
            }
        });
        writer.write(record("a-1", Event.FINAL));
        await().atMost(SOON).until(() -> writer.dropped() == 1);
        writer.write(record("a-2", Event.FINAL));
        writer.close();

        assertThat(written).extracting(Entry::id).containsExactly("a-2");
    }

    @Test
    void the_operator_is_told_whether_records_wait_or_are_dropped_and_what_else_fails() {
        Logger logger = (Logger) LoggerFactory.getLogger(WriterReport.class);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        logger.addAppender(heard);
        AtomicInteger tries = new AtomicInteger();
        FlowWriter writer = writer(new Table() {
            @Override
            public void append(List<Entry> batch) {
                if (tries.incrementAndGet() == 1) {
                    throw new FlowStoreException("no server", new IOException(), true);
                }
                super.append(batch);
            }

            @Override
            public boolean prune(Retention retention, Instant now) {
                throw new FlowStoreException("locked", new IOException());
            }
        });
        await().atMost(SOON).until(() -> !heard.list.isEmpty());
        writer.write(record("a-1", Event.FINAL));
        await().atMost(SOON).until(() -> writer.written() == 1);
        writer.close();
        logger.detachAppender(heard);

        assertThat(heard.list)
                .extracting(ILoggingEvent::getMessage)
                .satisfiesExactly(
                        neglected -> assertThat(neglected).contains("cannot be pruned"),
                        waiting -> assertThat(waiting).contains("and wait until the sink works"),
                        again -> assertThat(again).contains("written again"));
    }

    @Test
    void what_is_to_be_forgotten_goes_a_part_at_a_time_between_what_is_written() {
        List<Integer> parts = new CopyOnWriteArrayList<>();
        FlowWriter writer = writer(new Table() {
            @Override
            public boolean prune(Retention retention, Instant now) {
                parts.add(written.size());
                return parts.size() < 3;
            }
        });
        await().atMost(SOON).until(() -> parts.size() == 1);
        writer.write(record("a-1", Event.FINAL));
        await().atMost(SOON).until(() -> parts.size() == 3);
        writer.close();

        assertThat(parts.getLast()).isOne();
    }

    @Test
    void what_was_taken_of_a_connection_leaves_room_for_its_end() throws InterruptedException {
        Hanging table = new Hanging();
        FlowWriter writer = writer(table);
        writer.write(record("a-0", Event.FINAL));
        table.hangs.await();

        for (int i = 1; i <= 40_000; i++) {
            writer.write(record("a-" + i, Event.OPEN));
        }
        assertThat(writer.dropped()).isEqualTo(40_000 - 32_768);
        for (int i = 1; i <= 32_768; i++) {
            writer.write(record("a-" + i, Event.FINAL));
        }
        assertThat(writer.dropped()).isEqualTo(40_000 - 32_768);
        writer.write(record("a-40000", Event.FINAL));
        table.released.countDown();
        writer.close();

        assertThat(writer.dropped()).isEqualTo(40_001 - 32_768);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void a_connection_whose_final_record_finds_no_room_is_given_up_when_its_open_one_is_written()
            throws InterruptedException {
        Hanging table = new Hanging();
        FlowWriter writer = writer(table);
        writer.write(record("a-0", Event.FINAL));
        table.hangs.await();

        writer.write(record("a-1", Event.OPEN));
        for (int i = 0; i < 65_535; i++) {
            writer.write(record("b-" + i, Event.FINAL));
        }
        writer.write(record("a-1", Event.FINAL));
        writer.write(record("b-70000", Event.FINAL));
        table.released.countDown();

        await().atMost(SOON).until(() -> !givenUp.isEmpty());
        writer.close();
        assertThat(givenUp).containsExactly("a-1");
        assertThat(writer.dropped()).isEqualTo(2);
    }

    @Test
    void a_connection_whose_final_record_is_refused_is_given_up() {
        FlowWriter writer = writer(new Table() {
            @Override
            public void append(List<Entry> batch) {
                if (batch.getFirst().open()) {
                    super.append(batch);
                } else {
                    throw new FlowStoreException("full", new IOException("full"));
                }
            }
        });
        writer.write(record("a-1", Event.OPEN));
        await().atMost(SOON).until(() -> writer.written() == 1);
        writer.write(record("a-1", Event.FINAL));
        writer.close();

        assertThat(givenUp).containsExactly("a-1");
    }

    @Test
    void a_store_that_hangs_holds_nobody_up() throws InterruptedException {
        Hanging table = new Hanging();
        FlowWriter writer = writer(table);
        writer.write(record("a-0", Event.FINAL));
        table.hangs.await();

        for (int i = 1; i <= 70_000; i++) {
            writer.write(record("a-" + i, Event.FINAL));
        }

        assertThat(writer.dropped()).isEqualTo(70_000 - 65_536);
        table.released.countDown();
        writer.close();
        assertThat(writer.written()).isEqualTo(65_537);
    }
}
