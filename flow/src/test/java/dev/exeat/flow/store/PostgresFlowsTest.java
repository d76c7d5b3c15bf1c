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
import static org.awaitility.Awaitility.await;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import dev.exeat.testkit.PostgresServer;
import dev.exeat.testkit.TestPki;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server, one for all tests; each has a schema of its own. */
class PostgresFlowsTest {
    private static final Instant MINUTE = Instant.parse("2026-01-02T03:04:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    @TempDir
    private static Path directory;

    private static TestPki pki;
    private static @Nullable PostgresServer server;
    private static int schemas;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private String schema;
    private PostgresFlows flows;
    private FlowTable table;

    @BeforeAll
    static void start_the_server() {
        var programs = PostgresServer.programs();
        Assumptions.assumeTrue(programs.isPresent(), "PostgreSQL is not installed");
        pki = TestPki.create("postgres");
        server = PostgresServer.start(programs.get(), pki);
    }

    @AfterAll
    static void stop_the_server() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void a_schema_of_its_own() {
        schema = "exeat" + ++schemas;
        flows = flows("localhost", "");
        table = table();
    }

    @AfterEach
    void close_all() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private PostgresFlows flows(String host, String parameters) {
        return new PostgresFlows(
                PostgresAddress.parse("postgresql://" + PostgresServer.USER + "@" + host + ":" + server.port()
                        + "/postgres?currentSchema=" + schema + parameters),
                () -> PostgresServer.PASSWORD);
    }

    private FlowTable table() {
        FlowTable made = flows.table();
        opened.add(made);
        return made;
    }

    private FlowHistory history() {
        FlowHistory made = flows.history();
        opened.add(made);
        return made;
    }

    private long sql(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return statement.getUpdateCount();
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.port() + "/postgres?currentSchema=" + schema,
                PostgresServer.USER,
                PostgresServer.PASSWORD);
    }

    /** A transaction that lasts until it is closed. */
    private Connection transaction(String sql) throws SQLException {
        Connection connection = connection();
        opened.add(connection);
        connection.setAutoCommit(false);
        PostgresSchema.execute(connection, sql);
        return connection;
    }

    private static PostgresSchema.Day today() {
        return PostgresSchema.Day.of(System.currentTimeMillis() * 1_000);
    }

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
                    try (FlowTable own = flows.table()) {
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
        FlowTable other = flows.table();
        other.append(List.of(open("a-1", "a.test")));
        other.close();

        assertThat(read(history(), FlowFilter.ALL, Window.ALL))
                .extracting(stored -> stored.flow().ending().flag())
                .containsExactly("lost");
    }

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
    void what_was_given_up_is_lost_and_open_no_more() throws SQLException {
        table.append(List.of(open("a-1", "a.test"), open("a-2", "a.test")));
        table.giveUp(List.of("a-1", "a-3"));

        assertThat(table.closeLost()).isOne();
        assertThat(table.closeLost()).isZero();
        assertThat(history().find("a-1").ending().flag()).isEqualTo("lost");
        assertThat(sql("SELECT count(*) FROM flow WHERE open = 1")).isOne();
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
    void a_server_that_takes_connections_but_no_records_is_tried_ever_less_often() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        sql("ALTER TABLE flow ADD CONSTRAINT full_up CHECK (id = 'a-1')");
        int[] connects = new int[1];
        PostgresSession session = new PostgresSession(
                () -> {
                    connects[0]++;
                    return connection();
                },
                new PostgresSchema(schema));
        long began = System.nanoTime();

        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(SOON)
                .until(() -> {
                    assertThatThrownBy(() -> session.run("written", connection -> {
                                session.requireDay(System.currentTimeMillis() * 1_000);
                                PostgresSchema.execute(
                                        connection,
                                        "INSERT INTO flow VALUES (9, 0, 'a-2', 9, 0, '', "
                                                + System.currentTimeMillis() * 1_000 + ")");
                            }))
                            .isInstanceOf(FlowStoreException.class);
                    return connects[0] == 4;
                });

        // After 200, 400 and 800 ms.
        assertThat(System.nanoTime() - began).isGreaterThan(1_300_000_000L);
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

    @Test
    void records_wait_for_a_server_that_is_gone_and_come_in_order_when_it_is_back() throws SQLException {
        long before = System.nanoTime();
        try (FlowWriter writer = new FlowWriter(flows.table(), Retention.USUAL, Instant::now)) {
            writer.write(Entries.record("a-1"));
            await().atMost(SOON).until(() -> writer.written() == 1);
            server.kill();
            for (int i = 2; i < 1_000; i++) {
                writer.write(Entries.record("a-" + i));
            }
            server.restart();
            await().atMost(SOON).until(() -> writer.written() == 999);
            assertThat(writer.dropped()).isZero();
        }

        List<String> ids = ids(history());
        assertThat(ids)
                .hasSize(999)
                .doesNotHaveDuplicates()
                .startsWith("a-1", "a-2")
                .endsWith("a-998", "a-999");
        assertThat(System.nanoTime() - before).isLessThan(SOON.toNanos());
    }

    @Test
    void a_gateway_begins_and_ends_without_its_server() {
        PostgresFlows nowhere = new PostgresFlows(
                PostgresAddress.parse("postgresql://" + PostgresServer.USER + "@127.0.0.1:1/postgres"), () -> null);

        FlowWriter writer = new FlowWriter(nowhere.table(), Retention.USUAL, Instant::now);
        writer.write(Entries.record("a-1"));
        writer.close();

        assertThat(writer.dropped()).isOne();
        assertThatThrownBy(nowhere::history)
                .isInstanceOf(FlowStoreException.class)
                .hasMessageContaining("postgresql://127.0.0.1:1/postgres cannot be opened");
    }

    @Test
    void the_server_must_show_a_certificate_for_its_name_unless_it_is_on_this_machine() {
        Path root = pki.writeRoot(directory.resolve("root.pem"));
        Path another = TestPki.create("another").writeRoot(directory.resolve("another.pem"));
        table.append(List.of(ended("a-1", "a.test")));

        flows("localhost", "&sslmode=verify-full&sslrootcert=" + root).history().close();
        flows("0.0.0.0", "&sslmode=require").history().close();
        assertRefused(flows("127.0.0.1", "&sslmode=verify-full&sslrootcert=" + root), "could not be verified");
        assertRefused(flows("localhost", "&sslmode=verify-full&sslrootcert=" + another), "SSL error");
        assertRefused(flows("localhost", "&sslmode=require&sslrootcert=" + another), "SSL error");
        // An address of this machine, but none of the loopback interface as it is written.
        assertRefused(flows("0.0.0.0", "&sslrootcert=" + root), "could not be verified");
        assertRefused(flows("0.0.0.0", ""), "SSL error");
    }

    private static void assertRefused(PostgresFlows refused, String why) {
        assertThatThrownBy(refused::history)
                .isInstanceOf(FlowStoreException.class)
                .hasMessageContaining(why);
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

        assertThatThrownBy(flows::history).hasMessageContaining("has version 9, this program knows 1");
        assertThatThrownBy(() -> flows.table().closeLost()).hasMessageContaining("has version 9");
    }

    @Test
    void says_that_there_is_none() {
        assertThatThrownBy(flows::history)
                .hasMessageStartingWith("there is no flow store in the schema " + schema + " of postgresql://");
    }
}
