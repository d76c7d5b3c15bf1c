package dev.exeat.flow.store;

import static dev.exeat.flow.store.Entries.ended;
import static dev.exeat.flow.store.Entries.ids;
import static dev.exeat.flow.store.Entries.minutes;
import static dev.exeat.flow.store.Entries.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Days, what is forgotten, and who is in the way. */
class PostgresRetentionTest extends PostgresTest {
    private static final Instant MINUTE = Instant.parse("2026-01-02T03:04:00Z");
    private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    @Test
    void days_are_made_ahead_and_dropped_when_they_are_too_old_but_what_is_open_stays() throws SQLException {
        table.append(List.of(ended("a-1", "a.test"), open("a-2", "a.test")));
        table.closeLost();
        assertThat(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'flow'::regclass"))
                .isEqualTo(2);
        PostgresSchema.Day old = PostgresSchema.Day.of(System.currentTimeMillis() * 1_000 - 8 * DAY_MICROS);
        sql("CREATE TABLE " + old.table() + " PARTITION OF flow FOR VALUES FROM (" + old.begins() + ") TO ("
                + old.ends() + ")");
        sql("UPDATE flow SET written = " + old.begins());
        table.append(List.of(ended("a-3", "a.test")));

        table.prune(Retention.USUAL, Instant.now());

        assertThat(ids(history())).containsExactly("a-2", "a-3");
        assertThat(minutes(history(), MINUTE, MINUTE.plusSeconds(60))).isEmpty();
        assertThat(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'flow'::regclass"))
                .isEqualTo(2);
        table.append(List.of(ended("a-2", "a.test")));
        assertThat(ids(history())).containsExactly("a-3", "a-2");
    }

    @Test
    void a_day_that_is_being_read_is_dropped_later() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        PostgresSchema.Day old = PostgresSchema.Day.of(System.currentTimeMillis() * 1_000 - 8 * DAY_MICROS);
        sql("CREATE TABLE " + old.table() + " PARTITION OF flow FOR VALUES FROM (" + old.begins() + ") TO ("
                + old.ends() + ")");
        sql("UPDATE flow SET written = " + old.begins());

        try (Connection _ = transaction("SELECT count(*) FROM flow")) {
            table.prune(Retention.USUAL, Instant.now());
        }
        assertThat(ids(history())).containsExactly("a-1");
        table.prune(Retention.USUAL, Instant.now());

        assertThat(ids(history())).isEmpty();
    }

    @Test
    void sums_that_are_too_old_go_a_part_at_a_time() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        fillSums(12_000, 0);

        assertThat(table.prune(Retention.USUAL, Instant.now())).isTrue();
        assertThat(sql("SELECT count(*) FROM minute")).isEqualTo(7_001);
        assertThat(table.prune(Retention.USUAL, Instant.now())).isTrue();
        assertThat(table.prune(Retention.USUAL, Instant.now())).isFalse();
        assertThat(sql("SELECT count(*) FROM minute WHERE host = 'a.test'")).isZero();
        assertThat(sql("SELECT count(*) FROM minute")).isZero();
        assertThat(ids(history())).containsExactly("a-1");
    }

    /** So many, of each minute one. */
    private void fillSums(int count, long minute) throws SQLException {
        sql("INSERT INTO minute SELECT " + minute + " + n, 'spiffe://cluster.local/ns/default/sa/sleep', 'host' || n,"
                + " 443, 'allowed', '', '', 1, 1, 1 FROM generate_series(1, " + count + ") AS n");
        await().atMost(SOON).until(() -> sql("SELECT pg_stat_get_live_tuples('minute'::regclass)") >= count);
    }

    /** The server counts rows when a transaction ends, but not at each. */
    private void awaitCounted(int flows) {
        await().atMost(SOON).until(() -> {
            table.closeLost();
            return sql("SELECT pg_stat_get_live_tuples('" + today().table() + "'::regclass)") == flows;
        });
    }

    @Test
    void where_sums_take_more_than_half_the_oldest_of_them_go() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        long minute = Instant.now().getEpochSecond() / 60 - 20_000;
        fillSums(20_000, minute);
        int octets = 4_000_000;
        Retention retention = new Retention(Duration.ofDays(7), Duration.ofDays(90), octets);

        int parts = 1;
        while (table.prune(retention, Instant.now())) {
            parts++;
        }

        assertThat(parts).isBetween(2, 4);
        long left = sql("SELECT count(*) FROM minute");
        assertThat(left).isBetween(8_000L, 15_000L);
        assertThat(sql("SELECT max(minute) FROM minute")).isEqualTo(minute + 20_000);
        assertThat(sql("SELECT max(minute) - min(minute) + 1 FROM minute")).isEqualTo(left);
        assertThat(ids(history())).containsExactly("a-1");
        sql("VACUUM FULL minute");
        assertThat(sql("SELECT pg_total_relation_size('minute')")).isBetween(octets / 2L, octets * 3L / 2);
    }

    @Test
    void where_sums_take_less_than_half_the_oldest_records_go() throws SQLException {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 7_000; i++) {
            many.add(ended("a-" + i, "a.test"));
        }
        table.append(many);
        awaitCounted(7_000);
        fillSums(500, Instant.now().getEpochSecond() / 60 - 500);
        Retention retention = new Retention(Duration.ofDays(7), Duration.ofDays(90), 700_000);

        assertThat(table.prune(retention, Instant.now())).isTrue();
        assertThat(ids(history())).hasSize(2_000);
        assertThat(table.prune(retention, Instant.now())).isFalse();

        List<String> left = ids(history());
        assertThat(left.size()).isBetween(300, 1_000);
        assertThat(left.getLast()).isEqualTo("a-6999");
        assertThat(sql("SELECT count(*) FROM minute")).isEqualTo(500);
    }

    @Test
    void a_reader_that_stays_over_midnight_holds_nobody_up() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        table.closeLost();
        table.close();
        sql("DROP TABLE " + today().table() + ", " + today().next().table());
        transaction("SELECT count(*) FROM flow");
        FlowTable next = table();

        next.append(List.of(ended("a-2", "a.test")));
        next.closeLost();

        assertThat(ids(history())).containsExactly("a-2");
        assertThat(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'flow'::regclass"))
                .isEqualTo(2);
    }

    @Test
    void a_day_that_cannot_be_made_ahead_is_said_and_holds_nobody_up() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        try (Connection other = transaction("LOCK TABLE flow IN SHARE UPDATE EXCLUSIVE MODE")) {
            assertThatThrownBy(table::closeLost).hasMessageContaining("cannot be prepared for the next day");
            table.append(List.of(ended("a-2", "a.test")));
            FlowTable begun = table();
            begun.append(List.of(ended("a-3", "a.test")));
            other.rollback();
        }
        table.closeLost();

        assertThat(ids(history())).containsExactly("a-1", "a-2", "a-3");
        assertThat(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'flow'::regclass"))
                .isEqualTo(2);
    }

    @Test
    void partitions_that_an_operator_made_are_left_alone() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        sql("CREATE TABLE flow_default PARTITION OF flow DEFAULT");
        sql("CREATE TABLE other PARTITION OF flow FOR VALUES FROM (0) TO (1)");
        FlowTable begun = table();

        begun.append(List.of(ended("a-2", "a.test")));
        begun.closeLost();
        begun.prune(Retention.USUAL, Instant.now());

        assertThat(ids(history())).containsExactly("a-1", "a-2");
        assertThat(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'flow'::regclass"))
                .isEqualTo(4);
    }

    @Test
    void what_is_too_much_goes_oldest_first() throws SQLException {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(ended("a-" + i, "a.test"));
        }
        table.append(many);
        awaitCounted(2_000);

        table.prune(new Retention(Duration.ofDays(7), Duration.ofDays(90), 500_000), Instant.now());

        List<String> left = ids(history());
        assertThat(left.size()).isBetween(300, 1_000);
        assertThat(left.getLast()).isEqualTo("a-1999");
    }
}
