package dev.exeat.flow.store;

import static dev.exeat.flow.store.Entries.TIME;
import static dev.exeat.flow.store.Entries.at;
import static dev.exeat.flow.store.Entries.denied;
import static dev.exeat.flow.store.Entries.ended;
import static dev.exeat.flow.store.Entries.ids;
import static dev.exeat.flow.store.Entries.open;
import static dev.exeat.flow.store.Entries.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SqliteFlowsTest extends SqliteFile {
    /** No process has this number: it is above the kernel's highest (proc(5), pid_max). */
    private static final String NOBODY_LIVES = "UPDATE writer SET pid = 4194305";

    @Test
    void keeps_records_in_the_order_in_which_they_were_written() {
        table.append(List.of(ended("b-1", "a.test"), denied("a-1", "b.test")));
        table.append(List.of(ended("c-1", "c.test")));

        assertThat(ids(history)).containsExactly("b-1", "a-1", "c-1");
        assertThat(history.newest()).isEqualTo(3);
    }

    @Test
    void a_final_record_takes_the_place_of_the_open_one() {
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        table.append(List.of(ended("a-1", "a.test")));

        assertThat(read(history, FlowFilter.ALL, Window.ALL))
                .extracting(
                        stored -> stored.flow().id(), stored -> stored.flow().event())
                .containsExactly(tuple("a-2", Event.OPEN), tuple("a-1", Event.FINAL));
    }

    @Test
    void each_connection_is_read_once_also_where_it_ends_meanwhile() {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(ended("a-" + i, "a.test"));
        }
        table.append(many);
        table.append(List.of(open("b-1", "a.test"), open("b-2", "a.test")));
        List<String> read = new ArrayList<>();

        history.each(FlowFilter.ALL, stored -> {
            if (read.isEmpty()) {
                table.append(List.of(ended("b-1", "a.test")));
            }
            read.add(stored.flow().id() + " " + stored.flow().event().code());
        });

        assertThat(read).hasSize(1_002).contains("a-999 final", "b-1 final", "b-2 open");
    }

    @Test
    void those_that_are_open_can_be_asked_for() {
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test"), ended("a-3", "a.test")));
        table.append(List.of(ended("a-1", "a.test"), open("a-4", "a.test")));

        assertThat(read(history, FlowFilter.OPEN, Window.ALL))
                .extracting(stored -> stored.flow().id())
                .containsExactly("a-2", "a-4");
        assertThat(read(history, FlowFilter.OPEN, Window.last(1)))
                .extracting(stored -> stored.flow().id())
                .containsExactly("a-4");
    }

    @Test
    void who_follows_sees_what_was_written_since() {
        table.append(List.of(open("a-1", "a.test")));
        long seen = history.newest();
        table.append(List.of(ended("a-1", "a.test"), denied("a-2", "b.test")));

        assertThat(read(history, FlowFilter.ALL, Window.after(seen)))
                .extracting(stored -> stored.flow().id())
                .containsExactly("a-1", "a-2");
    }

    @Test
    void the_last_are_those_that_fit_and_the_oldest_of_them_comes_first() {
        table.append(List.of(
                denied("a-1", "a.test"), denied("a-2", "a.test"), ended("a-3", "a.test"), denied("a-4", "a.test")));
        FlowFilter refused = FlowFilter.ALL.and(Condition.of(FlowField.VERDICT, List.of("denied"), false));

        assertThat(read(history, refused, Window.last(2)))
                .extracting(stored -> stored.flow().id())
                .containsExactly("a-2", "a-4");
    }

    @Test
    void a_span_of_time_is_of_the_moments_of_acceptance() {
        table.append(List.of(at("a-1", TIME), at("a-2", TIME.plusSeconds(10)), at("a-3", TIME.plusSeconds(5))));

        FlowFilter filter = FlowFilter.ALL.between(TIME.plusSeconds(5), TIME.plusSeconds(10));

        assertThat(read(history, filter, Window.ALL))
                .extracting(stored -> stored.flow().id())
                .containsExactly("a-3");
    }

    @Test
    void a_visitor_that_has_enough_ends_the_reading() {
        table.append(List.of(ended("a-1", "a.test"), ended("a-2", "a.test")));
        List<StoredFlow> seen = new ArrayList<>();

        history.read(FlowFilter.ALL, Window.ALL, flow -> !seen.add(flow));

        assertThat(seen).hasSize(1);
    }

    private static List<Entry> many(int count) {
        List<Entry> many = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            many.add(ended("a-" + i, "a.test"));
        }
        return many;
    }

    @Test
    void the_last_of_many_come_in_parts_each_once() {
        table.append(many(5_000));

        assertThat(read(history, FlowFilter.ALL, Window.last(4_000)))
                .extracting(StoredFlow::sequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1_001, 5_000).boxed().toList());
    }

    @Test
    void a_visitor_keeps_nothing_of_the_file_waiting() {
        table.append(many(1_000));

        history.read(FlowFilter.ALL, Window.ALL, _ -> {
            assertThat(isLogTaken()).isTrue();
            return false;
        });
    }

    @Test
    void a_connection_that_ends_while_it_is_read_is_not_shown_twice() {
        table.append(List.of(open("b-1", "a.test")));
        table.append(many(1_000));
        List<String> seen = new ArrayList<>();

        history.read(FlowFilter.ALL, Window.ALL, flow -> {
            if (seen.isEmpty()) {
                table.append(List.of(ended("b-1", "a.test")));
            }
            return seen.add(flow.flow().id());
        });

        assertThat(seen).hasSize(1_001).doesNotHaveDuplicates();
    }

    @Test
    void a_record_that_cannot_be_read_is_passed_over() throws SQLException {
        table.append(many(3));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE flow SET line = '{\"id\":5}' WHERE sequence = 2");
        }

        assertThat(ids(history)).containsExactly("a-1", "a-3");
    }

    @Test
    void a_visitor_is_asked_whether_to_go_on_also_while_nothing_fits() {
        table.append(many(5_000));
        int[] asked = new int[1];
        FlowVisitor visitor = new FlowVisitor() {
            @Override
            public boolean visit(StoredFlow flow) {
                throw new AssertionError(flow);
            }

            @Override
            public boolean goesOn() {
                return ++asked[0] < 3;
            }
        };
        FlowFilter none = FlowFilter.ALL.and(Condition.of(FlowField.VERDICT, List.of("denied"), false));

        history.read(none, Window.ALL, visitor);
        assertThat(asked[0]).isEqualTo(3);
        asked[0] = 0;
        history.read(none, Window.last(5), visitor);
        assertThat(asked[0]).isEqualTo(3);
    }

    @Test
    void connections_of_a_process_that_is_gone_end_as_lost() throws SQLException {
        table.append(List.of(open("a-1", "a.test"), ended("a-2", "a.test")));
        sql(NOBODY_LIVES);
        try (FlowTable next = new SqliteFlows(file).table()) {
            next.append(List.of(open("b-1", "a.test")));
            assertThat(next.closeLost()).isEqualTo(1);
            assertThat(next.closeLost()).isZero();
        }

        assertThat(read(history, FlowFilter.ALL, Window.ALL))
                .extracting(
                        stored -> stored.flow().id(),
                        stored -> stored.flow().event(),
                        stored -> stored.flow().ending().flag())
                .containsExactly(
                        tuple("a-2", Event.FINAL, ""), tuple("b-1", Event.OPEN, ""), tuple("a-1", Event.FINAL, "lost"));
    }

    @Test
    void connections_of_another_process_that_lives_stay_open() {
        table.append(List.of(open("a-1", "a.test")));

        try (FlowTable next = new SqliteFlows(file).table()) {
            assertThat(next.closeLost()).isZero();
        }
    }

    @Test
    void finds_a_flow_by_its_id() {
        table.append(List.of(open("a-1001", "a.test"), denied("a-1002", "b.test"), ended("a-10020", "c.test")));
        table.append(List.of(ended("a-1001", "d.test"), open("a-2", "e.test")));

        assertThat(host("a-1001")).isEqualTo("d.test");
        assertThat(host("a-1002")).isEqualTo("b.test");
        assertThat(host("a-10020")).isEqualTo("c.test");
        assertThat(host("a-2")).isEqualTo("e.test");
        assertThat(history.find("a-1003")).isNull();
        assertThat(history.find("")).isNull();
        assertThat(history.find("no such")).isNull();
    }

    private String host(String id) {
        return Objects.requireNonNull(history.find(id)).what().host();
    }

    @Test
    void of_a_span_of_time_those_are_told_too_that_were_written_late() {
        table.append(List.of(open("a-1", "a.test"), at("a-2", TIME.plusSeconds(600))));
        table.append(List.of(at("a-3", TIME.plusSeconds(1200)), ended("a-1", "a.test")));
        table.append(List.of(at("a-4", TIME.plusSeconds(60))));

        assertThat(idsSince(TIME.minusSeconds(86_400))).containsExactly("a-2", "a-3", "a-1", "a-4");
        assertThat(idsSince(TIME.plusSeconds(1))).containsExactly("a-2", "a-3", "a-4");
        assertThat(idsSince(TIME.plusSeconds(1200))).containsExactly("a-3");
        assertThat(idsSince(TIME.plusSeconds(86_400))).isEmpty();
    }

    private List<String> idsSince(Instant since) {
        return read(history, FlowFilter.ALL.between(since, null), Window.ALL).stream()
                .map(stored -> stored.flow().id())
                .toList();
    }

    @Test
    void waits_for_another_process_that_writes() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            var writing = CompletableFuture.runAsync(() -> table.append(List.of(ended("a-1", "a.test"))));
            assertThatThrownBy(() -> writing.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            statement.executeUpdate("COMMIT");
            writing.get(5, TimeUnit.SECONDS);
        }

        assertThat(ids(history)).containsExactly("a-1");
    }

    @Test
    void what_was_given_up_is_lost_and_open_no_more() {
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        table.giveUp(List.of("a-1", "a-3"));

        assertThat(table.closeLost()).isOne();
        assertThat(table.closeLost()).isZero();
        assertThat(history.find("a-1").ending().flag()).isEqualTo("lost");
        assertThat(history.find("a-2").event()).isEqualTo(Event.OPEN);
    }

    @Test
    void a_lost_record_that_cannot_be_read_is_passed_over_once_and_for_all() throws SQLException {
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        sql("UPDATE flow SET line = 'no record' WHERE id = 'a-1'");
        sql(NOBODY_LIVES);

        try (FlowTable next = new SqliteFlows(file).table()) {
            assertThat(next.closeLost()).isOne();
            assertThat(next.closeLost()).isZero();
        }
        assertThat(history.find("a-2").ending().flag()).isEqualTo("lost");
    }

    @Test
    void nobody_else_may_read_it() throws IOException {
        table.append(List.of(ended("a-1", "a.test")));
        for (String name : List.of("flows.db", "flows.db-wal")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void says_that_there_is_none() {
        Path none = directory.resolve("none.db");

        assertThatThrownBy(() -> new SqliteFlows(none).history())
                .isInstanceOf(FlowStoreException.class)
                .hasMessage("there is no flow store " + none);
    }

    @Test
    void says_of_what_is_no_store_that_it_can_be_moved_away() throws IOException {
        Path broken = directory.resolve("broken.db");
        Files.writeString(broken, "not a database, but long enough to be taken for one by its size".repeat(100));

        assertThatThrownBy(() -> new SqliteFlows(broken).table())
                .isInstanceOf(FlowStoreException.class)
                .hasMessageContaining(broken + " cannot be opened")
                .hasMessageContaining("move it away");
    }
}
