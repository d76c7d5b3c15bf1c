package dev.exeat.flow.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes to {@link SqliteFlows}. */
final class SqliteFlowTable implements FlowTable {
    private final Connection connection;
    private final long writer;
    private final MinuteSums sums;
    private final SqliteRows rows;
    private final SqliteRetention retention;
    private final Map<String, Long> open = new HashMap<>();
    private final Set<String> givenUp = new HashSet<>();

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
            LostFlows own = new LostFlows(connection);
            own.add(writer, givenUp);
            count[0] += end(own, writer);
            for (long dead : gone) {
                LostFlows lost = new LostFlows(connection);
                lost.addAll(dead);
                count[0] += end(lost, dead);
                unregister(dead);
            }
            sums.write();
        });
        givenUp.forEach(open::remove);
        givenUp.clear();
        return count[0];
    }

    private int end(LostFlows lost, long by) throws SQLException {
        rows.put(lost.entries(), by, _ -> true);
        lost.replace();
        lost.entries().forEach(sums::add);
        return lost.entries().size();
    }

    private void unregister(long dead) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM writer WHERE writer = ?")) {
            statement.setLong(1, dead);
            statement.executeUpdate();
        }
    }

    private boolean lives(long number, long pid, String since) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return number == writer
                || (process.isPresent() && started(process.get()).equals(since));
    }

    @Override
    public void giveUp(Collection<String> ids) {
        ids.stream().filter(open::containsKey).forEach(givenUp::add);
    }

    @Override
    public boolean prune(Retention kept, Instant now) {
        boolean[] more = new boolean[2];
        transaction("pruned", () -> more[0] = retention.forgetOld(kept, now));
        transaction("pruned", () -> more[1] = retention.forgetTooMany(kept));
        return more[0] || more[1];
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
        } catch (SQLException | RuntimeException e) {
            sums.forget();
            undo(e);
            throw failed(verb, e);
        }
    }

    private void undo(Exception cause) {
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

    private static FlowStoreException failed(String verb, Exception cause) {
        return new FlowStoreException("the flow store cannot be " + verb + " (" + cause.getMessage() + ")", cause);
    }
}
