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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes to {@link SqliteFlows}. */
final class SqliteFlowTable implements FlowTable {
    /** So many rows go at a time, so that no write waits long for it. */
    private static final int PART = 5_000;

    /** So many parts at most: of each second as many rows as a gateway writes in one, when it has much to do. */
    private static final int MOST_PARTS = 20;

    /** So many rows are put by one statement, for a statement costs as much as a row. */
    private static final int AT_ONCE = 20;

    private static final String PUT = "INSERT INTO flow (sequence, time, id, writer, open, line) VALUES ";
    private static final String ROW = "(?, ?, ?, ?, ?, ?)";
    private static final int COLUMNS = 6;

    private final Connection connection;
    private final long writer;
    private final MinuteSums sums;
    private final PreparedStatement put;
    private final PreparedStatement putMany;
    private final PreparedStatement drop;
    private final Map<String, Long> open = new HashMap<>();
    private long sequence;

    SqliteFlowTable(Connection connection) throws SQLException {
        this.connection = connection;
        this.sums = new MinuteSums(connection);
        this.put = connection.prepareStatement(PUT + ROW);
        this.putMany = connection.prepareStatement(PUT + String.join(", ", Collections.nCopies(AT_ONCE, ROW)));
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
            long number = sequence;
            putAll(batch, writer);
            for (Entry entry : batch) {
                number++;
                Long old = open.get(entry.id());
                if (old != null) {
                    drop(old);
                    ended.add(entry.id());
                }
                if (entry.open()) {
                    opened.put(entry.id(), number);
                } else {
                    sums.add(entry);
                }
            }
            sums.write();
        });
        ended.forEach(open::remove);
        open.putAll(opened);
    }

    private void putAll(List<Entry> entries, long by) throws SQLException {
        int done = 0;
        while (done < entries.size()) {
            int rows = entries.size() - done >= AT_ONCE ? AT_ONCE : 1;
            PreparedStatement statement = rows == 1 ? put : putMany;
            for (int row = 0; row < rows; row++) {
                bind(statement, row * COLUMNS, entries.get(done + row), by);
            }
            statement.executeUpdate();
            done += rows;
        }
    }

    private void bind(PreparedStatement statement, int before, Entry entry, long by) throws SQLException {
        sequence++;
        statement.setLong(before + 1, sequence);
        statement.setLong(before + 2, entry.micros());
        statement.setString(before + 3, entry.id());
        statement.setLong(before + 4, by);
        statement.setInt(before + 5, entry.open() ? 1 : 0);
        statement.setString(before + 6, entry.line());
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
        putAll(entries, dead);
        entries.forEach(sums::add);
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
        transaction("pruned", () -> delete("DELETE FROM minute WHERE minute < ?", minutes));
        boolean more = true;
        for (int part = 0; part < MOST_PARTS && more; part++) {
            more = forget("time < ? AND open = 0", records) == PART;
        }
        more = true;
        for (int part = 0; part < MOST_PARTS && more && octets() > retention.octets(); part++) {
            more = forget("open = ? ORDER BY sequence", 0) == PART;
        }
    }

    /** Deletes a part of the flows of which the condition holds, and tells how many those were. */
    private int forget(String condition, long value) {
        int[] count = new int[1];
        transaction(
                "pruned",
                () -> count[0] = delete(
                        "DELETE FROM flow WHERE sequence IN (SELECT sequence FROM flow WHERE " + condition + " LIMIT "
                                + PART + ")",
                        value));
        return count[0];
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private int delete(String sql, long value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, value);
            return statement.executeUpdate();
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
