package dev.exeat.flow.store;

import dev.exeat.flow.query.FlowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes to {@link SqliteFlows}. */
final class SqliteFlowTable implements FlowTable {
    /** So many rows go at a time, so that no write waits long for it. */
    private static final int PART = 5_000;

    private final Connection connection;
    private final long writer;
    private final MinuteSums sums;
    private final PreparedStatement put;
    private final PreparedStatement drop;
    private final Map<String, Long> open = new HashMap<>();
    private long sequence;

    SqliteFlowTable(Connection connection) throws SQLException {
        this.connection = connection;
        this.sums = new MinuteSums(connection);
        this.put = connection.prepareStatement(
                "INSERT INTO flow (sequence, time, id, writer, open, line) VALUES (?, ?, ?, ?, ?, ?)");
        this.drop = connection.prepareStatement("DELETE FROM flow WHERE sequence = ?");
        this.writer = register();
        connection.commit();
    }

    private long register() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO writer (pid, started) VALUES (?, ?) RETURNING writer")) {
            statement.setLong(1, ProcessHandle.current().pid());
            statement.setString(2, started(ProcessHandle.current()));
            try (ResultSet row = statement.executeQuery()) {
                return row.getLong(1);
            }
        }
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    @Override
    public void append(List<Entry> batch) {
        List<String> ended = new ArrayList<>();
        Map<String, Long> opened = new HashMap<>();
        transaction("written", () -> {
            // Another process may write too, while it hands over.
            sequence = SqlFlowHistory.newest(connection);
            for (Entry entry : batch) {
                put(entry, writer);
                Long old = open.get(entry.id());
                if (old != null) {
                    drop(old);
                    ended.add(entry.id());
                }
                if (entry.open()) {
                    opened.put(entry.id(), sequence);
                } else {
                    sums.add(entry);
                }
            }
            sums.write();
        });
        ended.forEach(open::remove);
        open.putAll(opened);
    }

    private void put(Entry entry, long by) throws SQLException {
        sequence++;
        put.setLong(1, sequence);
        put.setLong(2, entry.micros());
        put.setString(3, entry.id());
        put.setLong(4, by);
        put.setInt(5, entry.open() ? 1 : 0);
        put.setString(6, entry.line());
        put.executeUpdate();
    }

    private void drop(long row) throws SQLException {
        drop.setLong(1, row);
        drop.executeUpdate();
    }

    @Override
    public int closeLost() {
        List<Long> gone = new ArrayList<>();
        int[] count = new int[1];
        transaction("written", () -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT writer, pid, started FROM writer")) {
                while (row.next()) {
                    if (!lives(row.getLong(1), row.getLong(2), row.getString(3))) {
                        gone.add(row.getLong(1));
                    }
                }
            }
            sequence = SqlFlowHistory.newest(connection);
            for (long dead : gone) {
                count[0] += closeLost(dead);
            }
            sums.write();
        });
        return count[0];
    }

    private boolean lives(long number, long pid, String since) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return number == writer
                || (process.isPresent() && started(process.get()).equals(since));
    }

    private int closeLost(long dead) throws SQLException {
        LostRecord lost = new LostRecord();
        FlowReader reader = new FlowReader();
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sequence, line FROM flow WHERE writer = ? AND open = 1")) {
            statement.setLong(1, dead);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(Entry.of(reader.read(lost.of(row.getString(2)))));
                    drop(row.getLong(1));
                }
            }
        }
        for (Entry entry : entries) {
            put(entry, dead);
            sums.add(entry);
        }
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM writer WHERE writer = ?")) {
            statement.setLong(1, dead);
            statement.executeUpdate();
        }
        return entries.size();
    }

    @Override
    public void prune(Retention retention, Instant now) {
        long records = micros(now.minus(retention.records()));
        long minutes = now.minus(retention.minutes()).getEpochSecond()
                / Duration.ofMinutes(1).toSeconds();
        transaction("pruned", () -> {
            delete(
                    "DELETE FROM flow WHERE sequence IN (SELECT sequence FROM flow WHERE time < ? AND open = 0 LIMIT "
                            + PART + ")",
                    records);
            delete("DELETE FROM minute WHERE minute < ?", minutes);
        });
        if (octets() > retention.octets()) {
            transaction(
                    "pruned",
                    () -> delete(
                            "DELETE FROM flow WHERE sequence IN"
                                    + " (SELECT sequence FROM flow WHERE open = ? ORDER BY sequence LIMIT " + PART
                                    + ")",
                            0));
        }
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private void delete(String sql, long value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, value);
            statement.executeUpdate();
        }
    }

    /** What is in use: pages that were freed are used again, and the file does not grow. */
    private long octets() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (page_count - freelist_count) * page_size"
                        + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size")) {
            return row.getLong(1);
        } catch (SQLException e) {
            throw failed("read", e);
        }
    }

    /** Steps that are done whole or not at all. */
    @FunctionalInterface
    private interface Steps {
        void run() throws SQLException;
    }

    private void transaction(String verb, Steps steps) {
        try {
            steps.run();
            connection.commit();
        } catch (SQLException e) {
            sums.forget();
            try {
                connection.rollback();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw failed(verb, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("closed", e);
        }
    }

    private static FlowStoreException failed(String verb, SQLException cause) {
        return new FlowStoreException("the flow store cannot be " + verb + " (" + cause.getMessage() + ")", cause);
    }
}
