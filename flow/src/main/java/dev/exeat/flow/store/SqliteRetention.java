package dev.exeat.flow.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;

/**
 * Forgets what is not to be kept of a file, a part at a time, so that no write waits long for it: single records by the
 * time of their writing, for a connection may last longer than records are kept. The newest row stays whatever it is, for
 * the next sequence goes on from it. Each step is of a transaction. Not thread-safe.
 */
final class SqliteRetention {
    /** So many rows go at a time, and of sums as many more as one minute may have. */
    private static final int PART = 5_000;

    /** About the octets of one with its line. */
    private static final int RECORD = 1_024;

    private static final long SECONDS_PER_MINUTE = 60;

    /** To look how much room the sums take is to read all of them. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

    /** Without a question within, for SQLite would then look up each row twice. */
    private static final String FORGET = "DELETE FROM flow WHERE open = 0 AND sequence >= ? AND sequence < ?";

    private static final String OLDEST = "SELECT sequence FROM flow WHERE open = 0 ORDER BY sequence LIMIT 1";
    private static final String NEWEST = "SELECT max(sequence) FROM flow";
    private static final String FIRST_SINCE = "SELECT sequence FROM accepted WHERE minute >= ? ORDER BY minute LIMIT 1";

    /** Of whole minutes before one, until so many are gone. */
    private static final String SUMS = "DELETE FROM minute WHERE minute < min(?1, coalesce("
            + "(SELECT minute + 1 FROM minute WHERE minute < ?1 ORDER BY minute LIMIT 1 OFFSET ?2 - 1), ?1))";

    private static final String BLOCKS = "DELETE FROM block WHERE last < (" + OLDEST + ")";

    private final Connection connection;

    /** As of the last look, less what was deleted since. */
    private double sumOctets;

    private double octetsOfSum;
    private long lookedAt = System.nanoTime() - BETWEEN_LOOKS.toNanos();

    SqliteRetention(Connection connection) {
        this.connection = connection;
    }

    /** Forgets a part of what is too old, and tells whether there may be more. */
    boolean forgetOld(Retention retention, Instant now) throws SQLException {
        long records = minute(now.minus(retention.records()));
        long minutes = minute(now.minus(retention.minutes()));
        // Written before the first of those that are young enough.
        boolean more = forget(number(FIRST_SINCE, records), PART) > 0;
        more |= forgetSums(minutes, PART) > 0;
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM accepted WHERE minute < ?")) {
            statement.setLong(1, Math.min(minutes, records));
            statement.executeUpdate();
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(BLOCKS);
        }
        return more;
    }

    /** Forgets a part of the oldest where all is too large, and tells whether there may be more. */
    boolean forgetTooMany(Retention retention) throws SQLException {
        long tooMany = octets() - retention.octets();
        if (tooMany <= 0) {
            return false;
        }
        double sumsTooMany = sumOctets() - retention.octets() / 2.0;
        if (sumsTooMany > 0) {
            return forgetSums(Long.MAX_VALUE, part(sumsTooMany / octetsOfSum)) > 0;
        }
        return forget(Long.MAX_VALUE, part((double) tooMany / RECORD)) > 0;
    }

    /** Forgets the oldest that ended, of so many sequences, but nothing from one on, nor the newest of all. */
    private int forget(long before, int most) throws SQLException {
        long first = number(OLDEST);
        long end = Math.min(before, number(NEWEST));
        return first >= end ? 0 : delete(FORGET, first, Math.min(end, first + most));
    }

    private static int part(double rows) {
        return (int) Math.clamp(Math.ceil(rows), 1, PART);
    }

    /** Sums alone could fill the room: callers choose the hosts that are told apart. */
    private double sumOctets() throws SQLException {
        if (System.nanoTime() - lookedAt >= BETWEEN_LOOKS.toNanos()) {
            lookedAt = System.nanoTime();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT sum(pgsize), max(1, sum(ncell)) FROM dbstat WHERE name = 'minute'")) {
                sumOctets = row.getDouble(1);
                octetsOfSum = sumOctets / row.getDouble(2);
            }
        }
        return sumOctets;
    }

    private int forgetSums(long before, int most) throws SQLException {
        int deleted = delete(SUMS, before, most);
        sumOctets -= deleted * octetsOfSum;
        return deleted;
    }

    /** What is in use: pages that were freed are used again, and the file does not grow. */
    private long octets() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (page_count - freelist_count) * page_size"
                        + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size")) {
            return row.getLong(1);
        }
    }

    private int delete(String sql, long one, long other) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, one);
            statement.setLong(2, other);
            return statement.executeUpdate();
        }
    }

    /** The largest there is where nothing answers. */
    private long number(String sql, long... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setLong(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : Long.MAX_VALUE;
            }
        }
    }

    private static long minute(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), SECONDS_PER_MINUTE);
    }
}
