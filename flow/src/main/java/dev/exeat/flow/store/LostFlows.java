package dev.exeat.flow.store;

import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.query.FlowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import tools.jackson.core.JacksonException;

/**
 * Ends open flows that nobody else will end. One whose line this program cannot read stays as it is, but is open no more.
 */
final class LostFlows {
    /** So many are asked for by one statement. */
    private static final int AT_ONCE = 1_000;

    private final LostRecord lost = new LostRecord();
    private final FlowReader reader = new FlowReader();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> writers = new ArrayList<>();
    private final List<Long> replaced = new ArrayList<>();
    private final List<Long> unreadable = new ArrayList<>();
    private final Connection connection;

    LostFlows(Connection connection) {
        this.connection = connection;
    }

    /** What they end as, to be put into the store. */
    List<Entry> entries() {
        return entries;
    }

    /** Whose each entry is. */
    List<Long> writers() {
        return writers;
    }

    /** All that the writer has open. */
    void addAll(long writer) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sequence, line FROM flow WHERE writer = ? AND open = 1")) {
            statement.setLong(1, writer);
            take(writer, statement);
        }
    }

    /** Those of these that the writer has open. */
    void add(long writer, Collection<String> ids) throws SQLException {
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT sequence, line FROM flow WHERE writer = ? AND open = 1 AND id IN ("
                            + String.join(", ", Collections.nCopies(some.size(), "?")) + ")")) {
                statement.setLong(1, writer);
                for (int i = 0; i < some.size(); i++) {
                    statement.setString(2 + i, some.get(i));
                }
                take(writer, statement);
            }
        }
    }

    private void take(long writer, PreparedStatement open) throws SQLException {
        try (ResultSet row = open.executeQuery()) {
            while (row.next()) {
                (add(writer, row.getString(2)) ? replaced : unreadable).add(row.getLong(1));
            }
        }
    }

    /** Deletes the open ones, once the {@link #entries} were put: the newest row is never deleted, or its sequence might come again. */
    void replace() throws SQLException {
        change("DELETE FROM flow WHERE sequence = ?", replaced);
        change("UPDATE flow SET open = 0 WHERE sequence = ?", unreadable);
    }

    private void change(String sql, List<Long> sequences) throws SQLException {
        if (!sequences.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (long sequence : sequences) {
                    statement.setLong(1, sequence);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        }
    }

    private boolean add(long writer, String line) {
        try {
            entries.add(Entry.of(reader.read(lost.of(line))));
            writers.add(writer);
            return true;
        } catch (JacksonException | RecordFormatException e) {
            return false;
        }
    }
}
