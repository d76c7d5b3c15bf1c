package dev.exeat.flow.store;

import dev.exeat.flow.query.FlowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes to {@link SqliteFlows}. */
final class SqliteFlowTable implements FlowTable {
    /** So many parts at most: of each second as many rows as a gateway writes in one, when it has much to do. */
    private static final int MOST_PARTS = 20;

    private final Connection connection;
    private final long writer;
    private final MinuteSums sums;
    private final SqliteRows rows;
    private final SqliteRetention retention;
    private final Map<String, Long> open = new HashMap<>();

    SqliteFlowTable(Connection connection) throws SQLException {
        this.connection = connection;
        this.sums = new MinuteSums(connection);
        this.writer = register();
        this.rows = new SqliteRows(connection, writer);
        this.retention = new SqliteRetention(connection);
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
            long number = rows.put(batch, writer, entry -> entry.open() || open.containsKey(entry.id()));
            List<Long> replaced = new ArrayList<>();
            for (Entry entry : batch) {
                Long old = open.get(entry.id());
                if (old != null) {
                    replaced.add(old);
                    ended.add(entry.id());
                }
                if (entry.open()) {
                    opened.put(entry.id(), number);
                } else {
                    sums.add(entry);
                }
                number++;
            }
            rows.drop(replaced);
            sums.write();
        });
        ended.forEach(open::remove);
        open.putAll(opened);
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
        List<Long> replaced = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sequence, line FROM flow WHERE writer = ? AND open = 1")) {
            statement.setLong(1, dead);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    replaced.add(row.getLong(1));
                    entries.add(Entry.of(reader.read(lost.of(row.getString(2)))));
                }
            }
        }
        rows.put(entries, dead, _ -> true);
        rows.drop(replaced);
        entries.forEach(sums::add);
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM writer WHERE writer = ?")) {
            statement.setLong(1, dead);
            statement.executeUpdate();
        }
        return entries.size();
    }

    @Override
    public void prune(Retention kept, Instant now) {
        boolean[] more = {true};
        for (int part = 0; part < MOST_PARTS && more[0]; part++) {
            transaction("pruned", () -> more[0] = retention.forgetOld(kept, now));
        }
        more[0] = true;
        for (int part = 0; part < MOST_PARTS && more[0]; part++) {
            transaction("pruned", () -> more[0] = retention.forgetTooMany(kept));
        }
    }

    /** Steps that are done whole or not at all. */
    @FunctionalInterface
    private interface Steps {
        void run() throws SQLException;
    }

    /** Between transactions the driver commits by itself, for else it begins one at once, and nobody else could write. */
    private void transaction(String verb, Steps steps) {
        try {
            connection.setAutoCommit(false);
            steps.run();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            sums.forget();
            undo(e);
            throw failed(verb, e);
        }
    }

    private void undo(SQLException cause) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException second) {
            cause.addSuppressed(second);
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException second) {
            // There is nothing to commit, and this says so; the mode is set all the same.
            cause.addSuppressed(second);
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
