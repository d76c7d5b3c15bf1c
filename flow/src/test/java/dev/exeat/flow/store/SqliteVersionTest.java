package dev.exeat.flow.store;

import static dev.exeat.flow.store.Entries.TIME;
import static dev.exeat.flow.store.Entries.ended;
import static dev.exeat.flow.store.Entries.ids;
import static dev.exeat.flow.store.Entries.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.query.FlowFilter;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteVersionTest {
    private static final String LINE = """
            {"version":1,"time":"2026-01-02T03:04:05.678901Z","id":"%s","event":"%s","listener":"tunnel",\
            "mode":"connect-h2","source_address":"10.0.0.7","source_port":1,"sni":"a.test","port":443,\
            "verdict":"allowed","bytes_received":1,"bytes_sent":1,"durations_us":{"total":1}}""";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name_the_file() {
        file = directory.resolve("flows.db");
    }

    @Test
    void a_file_of_the_first_version_is_taken_along() throws SQLException {
        first();

        try (FlowTable table = new SqliteFlows(file).table();
                FlowHistory history = new SqliteFlows(file).history()) {
            table.append(List.of(ended("a-3", "a.test")));

            assertThat(ids(history)).containsExactly("a-1", "a-2", "a-3");
            assertThat(history.find("a-1")).isNotNull();
            assertThat(history.find("a-2")).isNotNull();
            assertThat(read(history, FlowFilter.ALL.between(TIME.minusSeconds(5), null), Window.ALL))
                    .hasSize(3);
            table.prune(Retention.USUAL, TIME.plus(Duration.ofDays(8)));
            assertThat(ids(history)).as("what is open, and the newest").containsExactly("a-2", "a-3");
        }
    }

    @Test
    void who_reads_an_earlier_version_is_told_how_it_becomes_this_one() throws SQLException {
        first();

        assertThatThrownBy(() -> new SqliteFlows(file).history())
                .isInstanceOf(FlowStoreException.class)
                .hasMessageContaining("has version 1, this program knows 2; a gateway of this program");
    }

    @Test
    void refuses_what_a_later_program_made() throws SQLException {
        run("PRAGMA user_version = 9");

        for (var opening :
                List.<Runnable>of(() -> new SqliteFlows(file).history(), () -> new SqliteFlows(file).table())) {
            assertThatThrownBy(opening::run)
                    .isInstanceOf(FlowStoreException.class)
                    .hasMessageContaining("has version 9, this program knows 2; use the program that made it");
        }
    }

    /** As the program made it before ids and times were looked up by blocks. */
    private void first() throws SQLException {
        run(
                "PRAGMA journal_mode = WAL",
                "CREATE TABLE flow (sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, id TEXT NOT NULL,"
                        + " writer INTEGER NOT NULL, open INTEGER NOT NULL, line TEXT NOT NULL)",
                "CREATE INDEX flow_time ON flow (time)",
                "CREATE INDEX flow_id ON flow (id)",
                "CREATE INDEX flow_open ON flow (writer) WHERE open = 1",
                "CREATE TABLE minute (minute INTEGER NOT NULL, identity TEXT NOT NULL, host TEXT NOT NULL,"
                        + " port INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, rule TEXT NOT NULL,"
                        + " count INTEGER NOT NULL, received INTEGER NOT NULL, sent INTEGER NOT NULL,"
                        + " PRIMARY KEY (minute, identity, host, port, verdict, reason, rule)) WITHOUT ROWID",
                "CREATE TABLE writer (writer INTEGER PRIMARY KEY, pid INTEGER NOT NULL, started TEXT NOT NULL)",
                "INSERT INTO flow VALUES (1, 1767323045678901, 'a-1', 1, 0, '" + LINE.formatted("a-1", "final") + "')",
                "INSERT INTO flow VALUES (2, 1767323045678901, 'a-2', 1, 1, '" + LINE.formatted("a-2", "open") + "')",
                "PRAGMA user_version = 1");
    }

    private void run(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
