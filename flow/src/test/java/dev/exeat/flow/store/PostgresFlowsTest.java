package dev.exeat.flow.store;

import static dev.exeat.flow.store.Entries.TIME;
import static dev.exeat.flow.store.Entries.at;
import static dev.exeat.flow.store.Entries.denied;
import static dev.exeat.flow.store.Entries.ended;
import static dev.exeat.flow.store.Entries.ids;
import static dev.exeat.flow.store.Entries.minutes;
import static dev.exeat.flow.store.Entries.open;
import static dev.exeat.flow.store.Entries.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is written into PostgreSQL, and read there. */
class PostgresFlowsTest extends PostgresTest {
    private static final Instant MINUTE = Instant.parse("2026-01-02T03:04:00Z");

    private static List<String> idsOf(List<StoredFlow> flows) {
        return flows.stream().map(stored -> stored.flow().id()).toList();
    }

    @Test
    void a_visitor_keeps_no_transaction_open() {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(denied("a-" + i, "h" + i + ".test"));
        }
        table.append(many);
        FlowHistory history = history();

        history.read(FlowFilter.ALL, Window.ALL, _ -> {
            assertThat(transactions()).isZero();
            return false;
        });
        history.minutes(MINUTE, MINUTE.plusSeconds(60), _ -> {
            assertThat(transactions()).isZero();
            return false;
        });
    }

    private long transactions() {
        try {
            return sql("SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL"
                    + " AND application_name = 'exeat'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keeps_records_in_the_order_in_which_they_were_written() {
        table.append(List.of(ended("b-1", "a.test"), denied("a-1", "b.test")));
        table.append(List.of(ended("c-1", "c.test")));
        FlowHistory history = history();

        assertThat(ids(history)).containsExactly("b-1", "a-1", "c-1");
        assertThat(history.newest()).isEqualTo(3);
        assertThat(history.find("a-1").what().host()).isEqualTo("b.test");
        assertThat(history.find("a-1").line())
                .isEqualTo(denied("a-1", "b.test").line().get());
        assertThat(history.find("a-2")).isNull();
    }

    @Test
    void a_final_record_takes_the_place_of_the_open_one() {
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        FlowHistory history = history();
        long seen = history.newest();
        table.append(List.of(ended("a-1", "a.test")));

        assertThat(read(history, FlowFilter.ALL, Window.ALL))
                .extracting(
                        stored -> stored.flow().id(), stored -> stored.flow().event())
                .containsExactly(tuple("a-2", Event.OPEN), tuple("a-1", Event.FINAL));
        assertThat(idsOf(read(history(), FlowFilter.OPEN, Window.ALL))).containsExactly("a-2");
        assertThat(idsOf(read(history, FlowFilter.ALL, Window.after(seen)))).containsExactly("a-1");
    }

    @Test
    void answers_the_questions_of_the_local_store() {
        table.append(List.of(
                denied("a-1", "a.test"), denied("a-2", "a.test"), ended("a-3", "a.test"), denied("a-4", "a.test")));
        table.append(List.of(at("a-5", TIME.plusSeconds(10)), at("a-6", TIME.plusSeconds(5))));
        FlowHistory history = history();
        FlowFilter refused = FlowFilter.ALL.and(Condition.of(FlowField.VERDICT, List.of("denied"), false));

        assertThat(idsOf(read(history, refused, Window.last(2)))).containsExactly("a-2", "a-4");
        assertThat(idsOf(read(history, FlowFilter.ALL.between(TIME.plusSeconds(5), TIME.plusSeconds(10)), Window.ALL)))
                .containsExactly("a-6");
        assertThat(minutes(history, MINUTE, MINUTE.plusSeconds(60)))
                .extracting(
                        sum -> sum.group().host(),
                        sum -> sum.group().verdict(),
                        MinuteSum::count,
                        MinuteSum::received,
                        MinuteSum::sent)
                .containsExactlyInAnyOrder(
                        tuple("a.test", "denied", 3L, 0L, 0L),
                        tuple("a.test", "allowed", 1L, 10L, 20L),
                        tuple("en.wikipedia.org", "allowed", 2L, 20L, 40L));
    }

    @Test
    void who_asks_since_a_time_is_not_shown_what_was_written_long_before() throws SQLException {
        table.append(List.of(at("a-1", TIME)));
        sql("UPDATE flow SET written = written - 3600000000 WHERE id = 'a-1' AND written - 3600000000 >= "
                + PostgresSchema.Day.of(System.currentTimeMillis() * 1_000).begins());
        Instant now = Instant.now();
        table.append(List.of(at("a-2", now), at("a-3", now.minusSeconds(60))));

        assertThat(idsOf(read(history(), FlowFilter.ALL.between(now.minusSeconds(30), null), Window.ALL)))
                .containsExactly("a-2");
        assertThat(idsOf(read(history(), FlowFilter.ALL.between(TIME, null), Window.ALL)))
                .containsExactly("a-1", "a-2", "a-3");
    }

    @Test
    void many_that_begin_at_once_make_one_store_and_lose_nothing() throws Exception {
        int writers = 6;
        int batches = 20;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Callable<Void>> all = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String name = "w" + writer;
                all.add(() -> {
                    try (FlowTable own = flows().table()) {
                        for (int batch = 0; batch < batches; batch++) {
                            own.append(List.of(
                                    ended(name + "-" + batch, "a.test"), denied(name + "x-" + batch, "b.test")));
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> each : threads.invokeAll(all)) {
                each.get();
            }
        }

        FlowHistory history = history();
        assertThat(ids(history)).hasSize(2 * writers * batches).doesNotHaveDuplicates();
        assertThat(minutes(history, MINUTE, MINUTE.plusSeconds(60)))
                .extracting(sum -> sum.group().host(), MinuteSum::count)
                .containsExactlyInAnyOrder(
                        tuple("a.test", (long) writers * batches), tuple("b.test", (long) writers * batches));
        assertThat(sql("SELECT count(*) FROM writer")).isZero();
    }

    @Test
    void what_a_writer_left_that_was_not_heard_of_for_a_minute_ends_as_lost() throws SQLException {
        FlowTable other = table();
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        other.append(List.of(open("b-1", "a.test")));
        other.closeLost();
        assertThat(table.closeLost()).isZero();
        sql("UPDATE writer SET seen = seen - 61000000, machine = 'elsewhere' WHERE writer = (SELECT min(writer) FROM"
                + " writer)");

        assertThat(other.closeLost()).isEqualTo(2);
        assertThat(other.closeLost()).isZero();
        assertThat(read(history(), FlowFilter.ALL, Window.ALL))
                .extracting(
                        stored -> stored.flow().id(),
                        stored -> stored.flow().event(),
                        stored -> stored.flow().ending().flag())
                .containsExactly(
                        tuple("b-1", Event.OPEN, ""),
                        tuple("a-1", Event.FINAL, "lost"),
                        tuple("a-2", Event.FINAL, "lost"));

        // It was only cut off, and comes again.
        table.append(List.of(ended("a-1", "a.test")));
        table.closeLost();
        assertThat(read(history(), FlowFilter.ALL, Window.ALL))
                .extracting(
                        stored -> stored.flow().id(),
                        stored -> stored.flow().ending().flag())
                .containsExactly(tuple("b-1", ""), tuple("a-2", "lost"), tuple("a-1", ""));
        assertThat(sql("SELECT count(*) FROM writer")).isEqualTo(2);
    }

    @Test
    void what_a_writer_has_open_at_its_end_has_ended() {
        FlowTable other = flows().table();
        other.append(List.of(open("a-1", "a.test")));
        other.close();

        assertThat(read(history(), FlowFilter.ALL, Window.ALL))
                .extracting(stored -> stored.flow().ending().flag())
                .containsExactly("lost");
    }

    @Test
    void what_was_given_up_is_lost_and_open_no_more() throws SQLException {
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        table.giveUp(List.of("a-1", "a-3"));

        assertThat(table.closeLost()).isOne();
        assertThat(table.closeLost()).isZero();
        assertThat(history().find("a-1").ending().flag()).isEqualTo("lost");
        assertThat(sql("SELECT count(*) FROM flow WHERE open = 1")).isOne();
    }

    @Test
    void a_lost_record_that_cannot_be_read_is_passed_over_once_and_for_all() throws SQLException {
        FlowTable other = table();
        other.append(List.of(open("b-1", "a.test")));
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        sql("UPDATE flow SET line = 'no record' WHERE id = 'a-1'");
        sql("UPDATE writer SET seen = seen - 61000000 WHERE writer = (SELECT max(writer) FROM writer)");

        assertThat(other.closeLost()).isOne();
        assertThat(other.closeLost()).isZero();
        assertThat(sql("SELECT count(*) FROM flow WHERE line = 'no record' AND open = 0"))
                .isOne();
        assertThat(history().find("a-2").ending().flag()).isEqualTo("lost");
    }

    @Test
    void names_that_no_database_takes_are_kept_all_the_same() {
        Entry entry = ended("a-1", "nul\\u0000half\\ud800.test");

        table.append(List.of(entry));

        assertThat(history().find("a-1").line()).isEqualTo(entry.line().get());
        assertThat(minutes(history(), MINUTE, MINUTE.plusSeconds(60)))
                .singleElement()
                .satisfies(sum -> assertThat(sum.group().host()).isEqualTo("nul?half?.test"));
    }

    @Test
    void refuses_what_a_later_program_made() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        sql("UPDATE store SET version = 9");

        assertThatThrownBy(flows()::history).hasMessageContaining("has version 9, this program knows 1");
        assertThatThrownBy(() -> flows().table().closeLost()).hasMessageContaining("has version 9");
    }

    @Test
    void says_that_there_is_none() {
        assertThatThrownBy(flows()::history)
                .hasMessageStartingWith("there is no flow store in the schema " + schema() + " of postgresql://");
    }
}
