package dev.exeat.flow.store;

import static dev.exeat.flow.store.Entries.TIME;
import static dev.exeat.flow.store.Entries.at;
import static dev.exeat.flow.store.Entries.denied;
import static dev.exeat.flow.store.Entries.ended;
import static dev.exeat.flow.store.Entries.ids;
import static dev.exeat.flow.store.Entries.minutes;
import static dev.exeat.flow.store.Entries.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqliteRetentionTest extends SqliteFile {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration QUARTER = Duration.ofDays(90);
    private static final Instant SOON = TIME.plusSeconds(60);

    @Test
    void forgets_what_is_too_old() {
        table.append(List.of(at("a-1", TIME.minus(Duration.ofDays(8))), at("a-2", TIME)));

        table.prune(Retention.USUAL, SOON);

        assertThat(ids(history)).containsExactly("a-2");
        assertThat(sums()).hasSize(2);
        table.prune(new Retention(WEEK, WEEK, 1 << 30), SOON);
        assertThat(sums()).hasSize(1);
    }

    @Test
    void keeps_what_lasted_longer_than_records_are_kept_for_as_long_after_its_end() {
        Instant began = TIME.minus(Duration.ofDays(8));
        table.append(List.of(at("a-1", TIME), at("a-2", began), at("a-3", TIME)));

        table.prune(Retention.USUAL, SOON);
        assertThat(ids(history)).containsExactly("a-1", "a-2", "a-3");

        table.append(List.of(at("a-4", TIME.plus(Duration.ofDays(8)))));
        table.prune(Retention.USUAL, TIME.plus(Duration.ofDays(8)));
        assertThat(ids(history)).containsExactly("a-4");
    }

    @Test
    void forgets_the_oldest_when_it_is_too_large_but_not_what_is_open() {
        table.append(
                List.of(open("a-0", "a.test"), ended("a-1", "a.test"), ended("a-2", "a.test"), ended("a-3", "a.test")));

        pruneAll(new Retention(WEEK, QUARTER, 100_000), TIME);

        assertThat(ids(history)).containsExactly("a-0", "a-3");
    }

    @Test
    void forgets_a_part_at_a_time_and_tells_whether_there_may_be_more() {
        table.append(many(12_003, TIME.minus(Duration.ofDays(8))));
        assertThat(ids(history)).hasSize(12_003).startsWith("a-0", "a-1").endsWith("a-12001", "a-12002");

        assertThat(table.prune(Retention.USUAL, SOON)).isTrue();
        assertThat(ids(history)).hasSize(7_003);
        assertThat(table.prune(Retention.USUAL, SOON)).isTrue();
        assertThat(table.prune(Retention.USUAL, SOON)).isTrue();
        assertThat(table.prune(Retention.USUAL, SOON)).isFalse();

        assertThat(ids(history)).containsExactly("a-12002");
    }

    @Test
    void a_sequence_never_comes_again() {
        table.append(List.of(at("a-1", TIME.minus(Duration.ofDays(8))), at("a-2", TIME.minus(Duration.ofDays(8)))));
        long seen = history.newest();

        pruneAll(new Retention(WEEK, WEEK, 1), TIME);
        table.append(List.of(ended("a-3", "a.test")));

        assertThat(history.newest()).isGreaterThan(seen);
    }

    @Test
    void sums_do_not_push_out_the_records() throws SQLException {
        List<Entry> old = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            old.add(denied("a-" + i, "a-rather-long-name-of-a-host-" + i + ".test"));
        }
        table.append(old);
        List<Entry> young = many(100, TIME.plusSeconds(600));
        table.append(young);
        long half = 2 * octets("minute") / 3;
        assertThat(octets("flow")).isGreaterThan(half);

        pruneAll(new Retention(WEEK, QUARTER, 2 * half), SOON);

        assertThat(sums())
                .singleElement()
                .satisfies(sum -> assertThat(sum.count()).isEqualTo(100));
        assertThat(ids(history)).endsWith("a-99").hasSizeGreaterThan(500);
    }

    @Test
    void finds_what_is_left_and_forgets_where_the_others_were() throws SQLException {
        table.append(many(1_500, TIME.minus(Duration.ofDays(8))));
        table.append(List.of(denied("a-1499x", "b.test"), denied("b-1", "b.test")));

        table.prune(Retention.USUAL, SOON);

        assertThat(history.find("a-3")).isNull();
        assertThat(history.find("a-1499x")).isNotNull();
        assertThat(history.find("b-1")).isNotNull();
        assertThat(number("SELECT count(*) FROM block")).isEqualTo(2);
    }

    private void pruneAll(Retention retention, Instant now) {
        boolean more = true;
        while (more) {
            more = table.prune(retention, now);
        }
    }

    private static List<Entry> many(int count, Instant time) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(at("a-" + i, time));
        }
        return entries;
    }

    private List<MinuteSum> sums() {
        return minutes(history, TIME.minus(Duration.ofDays(9)), TIME.plus(Duration.ofDays(1)));
    }

    private long octets(String of) throws SQLException {
        return number("SELECT sum(pgsize) FROM dbstat WHERE name = '" + of + "'");
    }

    private long number(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.getLong(1);
        }
    }
}
