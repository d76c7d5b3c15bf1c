package dev.exeat.flow.store;

import dev.exeat.flow.store.PostgresSchema.Day;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/**
 * Forgets what is not to be kept: single records by dropping the partitions of whole days, and of the present day the
 * oldest records where it alone is too large. Each step is a bounded part, for a transaction of its own, and gives up at
 * once where a reader is in its way: it is tried again.
 */
final class PostgresRetention {
    /** So many rows go at a time, and of sums as many more as one minute may have, so that no writer waits long for it. */
    private static final int PART = 5_000;

    /** What a flow takes beside its line: its other columns and its places in the indexes, in octets. */
    private static final int BESIDE_LINE = 250;

    /** What a sum takes beside its texts, each of which stands in the table and in its index. */
    private static final int BESIDE_TEXTS = 220;

    private static final String SUM_OCTETS = """
            SELECT coalesce(2 * avg(octet_length(identity) + octet_length(host) + octet_length(verdict)
                + octet_length(reason) + octet_length(rule)), 0)::bigint
                FROM (SELECT * FROM minute ORDER BY minute DESC LIMIT 1000) AS newest""";

    private static final String LINE_OCTETS = """
            SELECT coalesce(avg(octet_length(line)), 0)::bigint
                FROM (SELECT line FROM flow ORDER BY sequence DESC LIMIT 1000) AS newest""";

    private static final long MICROS_PER_MINUTE = 60_000_000;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Connection connection;
    private final PostgresSchema schema;
    private final Retention retention;

    /** Rows of a table that does not shrink when some are deleted, so that they are counted instead. */
    private record Rows(long count, long octetsEach) {
        long octets() {
            return count * octetsEach;
        }

        /** How many make up so many octets. */
        long within(long octets) {
            return octets / octetsEach + 1;
        }
    }

    PostgresRetention(Connection connection, PostgresSchema schema, Retention retention) {
        this.connection = connection;
        this.schema = schema;
        this.retention = retention;
    }

    /** Drops the oldest day if it is too old. Whether there may be more to do. */
    boolean forgetOldDay() throws SQLException {
        long now = now();
        List<Day> days = schema.days(connection);
        return !days.isEmpty()
                && days.getFirst().ends() <= now - retention.records().toNanos() / 1_000
                && drop(days.getFirst(), now);
    }

    /** Deletes sums that are too old. Whether there may be more to do. */
    boolean forgetOldSums() throws SQLException {
        return deleteSums(now() / MICROS_PER_MINUTE - retention.minutes().toMinutes(), PART);
    }

    /** Where all is too large, deletes the oldest sums if they are more than half, else records. Whether there may be more to do. */
    boolean forgetTooMany() throws SQLException {
        long now = now();
        Day today = Day.of(now);
        long past = number("SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0) FROM pg_inherits"
                + " WHERE inhparent = to_regclass('flow') AND inhrelid IS DISTINCT FROM to_regclass('" + today.table()
                + "')");
        Rows flows = new Rows(count(today.table()), BESIDE_LINE + number(LINE_OCTETS));
        Rows sums = new Rows(count("minute"), BESIDE_TEXTS + number(SUM_OCTETS));
        long excess = past + flows.octets() + sums.octets() - retention.octets();
        if (excess <= 0) {
            return false;
        }
        long sumsExcess = sums.octets() - retention.octets() / 2;
        if (sumsExcess > 0) {
            return deleteSums(Long.MAX_VALUE, sums.within(sumsExcess));
        }
        for (Day day : schema.days(connection)) {
            if (!day.date().isAfter(today.date())) {
                return day.equals(today) ? deleteFlows(today, flows.within(excess)) : drop(day, now);
            }
        }
        return false;
    }

    /** What is open stays: it moves into the partition of today. Whether it was dropped. */
    private boolean drop(Day day, long now) throws SQLException {
        schema.lock(connection);
        Savepoint before = connection.setSavepoint();
        try {
            PostgresSchema.execute(connection, "SET LOCAL lock_timeout = '100ms'");
            PostgresSchema.execute(
                    connection, "UPDATE flow SET written = " + now + " WHERE open = 1 AND written < " + day.ends());
            PostgresSchema.execute(connection, "DROP TABLE IF EXISTS " + day.table());
            return true;
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
    }

    /** Of whole minutes before one, until so many are gone. */
    private boolean deleteSums(long before, long most) throws SQLException {
        return delete(
                "DELETE FROM minute WHERE minute < least(" + before
                        + ", (SELECT minute + 1 FROM minute ORDER BY minute LIMIT 1 OFFSET ? - 1))",
                most);
    }

    private boolean deleteFlows(Day day, long most) throws SQLException {
        return delete(
                "DELETE FROM " + day.table() + " WHERE ctid = ANY (ARRAY (SELECT ctid FROM " + day.table()
                        + " WHERE open = 0 ORDER BY sequence LIMIT ?))",
                most);
    }

    private boolean delete(String sql, long most) throws SQLException {
        // So that no two gateways delete the same.
        schema.lock(connection);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, Math.min(PART, most));
            int deleted = statement.executeUpdate();
            // What is counted next is what is there then.
            number("SELECT 1 FROM pg_stat_force_next_flush()");
            return deleted >= PART;
        }
    }

    private long count(String table) throws SQLException {
        return number("SELECT coalesce(pg_stat_get_live_tuples(to_regclass('" + table + "')), 0)");
    }

    private long now() throws SQLException {
        return number("SELECT " + PostgresSession.NOW);
    }

    private long number(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
