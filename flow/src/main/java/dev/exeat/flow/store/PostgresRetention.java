package dev.exeat.flow.store;

import dev.exeat.flow.store.PostgresSchema.Day;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;

/**
 * Forgets what is not to be kept: single records by dropping the partitions of whole days, and of the present day the
 * oldest records where it alone is too large. Each step is of a transaction, and gives up at once where a reader is in its
 * way: it is tried again.
 */
final class PostgresRetention {
    /** So many rows of the present day go at a time. */
    private static final int PART = 100_000;

    /** What a row takes beside its line: its other columns and its places in the indexes, in octets. */
    private static final int BESIDE_LINE = 250;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Connection connection;
    private final PostgresSchema schema;

    PostgresRetention(Connection connection, PostgresSchema schema) {
        this.connection = connection;
        this.schema = schema;
    }

    void forgetOld(Retention retention) throws SQLException {
        long now = number("SELECT " + PostgresSession.NOW);
        for (Day day : schema.days(connection)) {
            if (day.ends() <= now - retention.records().toNanos() / 1_000) {
                drop(day, now);
            }
        }
        PostgresSchema.execute(
                connection,
                "DELETE FROM minute WHERE minute < "
                        + (now / 60_000_000
                                - Duration.ofSeconds(retention.minutes().toSeconds())
                                        .toMinutes()));
    }

    /** What is open stays: it moves into the partition of today. */
    private void drop(Day day, long now) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            PostgresSchema.execute(connection, "SET LOCAL lock_timeout = '1s'");
            schema.lock(connection);
            PostgresSchema.execute(
                    connection, "UPDATE flow SET written = " + now + " WHERE open = 1 AND written < " + day.ends());
            PostgresSchema.execute(connection, "DROP TABLE IF EXISTS " + day.table());
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
        }
    }

    void forgetTooMany(Retention retention) throws SQLException {
        long now = number("SELECT " + PostgresSession.NOW);
        Day today = Day.of(now);
        List<Day> past = schema.days(connection).stream()
                .filter(day -> day.date().isBefore(today.date()))
                .toList();
        long used = number("SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0) FROM pg_inherits"
                + " WHERE inhparent = to_regclass('flow')");
        for (Day day : past) {
            if (used > retention.octets()) {
                used -= number("SELECT coalesce(pg_total_relation_size(to_regclass('" + day.table() + "')), 0)");
                drop(day, now);
            }
        }
        if (used > retention.octets()) {
            forgetOfToday(today, retention.octets());
        }
    }

    /** The partition does not shrink, but what is free in it is used again; so its rows are counted instead. */
    private void forgetOfToday(Day today, long octets) throws SQLException {
        long rows = number("SELECT coalesce(pg_stat_get_live_tuples(to_regclass('" + today.table() + "')), 0)");
        long each = BESIDE_LINE
                + number("SELECT coalesce(avg(octet_length(line)), 0)::bigint FROM"
                        + " (SELECT line FROM flow ORDER BY sequence DESC LIMIT 1000) AS newest");
        long most = octets / each;
        if (rows > most) {
            try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + today.table()
                    + " WHERE sequence IN (SELECT sequence FROM " + today.table()
                    + " WHERE open = 0 ORDER BY sequence LIMIT ?)")) {
                statement.setLong(1, Math.min(PART, rows - most));
                statement.executeUpdate();
            }
        }
    }

    private long number(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
