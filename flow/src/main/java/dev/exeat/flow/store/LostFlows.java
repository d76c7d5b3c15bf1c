package dev.exeat.flow.store;

import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.query.FlowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;

/**
 * Takes open flows out of the store that nobody will end, as what they end as. One whose line this program cannot read
 * stays as it is, but is open no more.
 */
final class LostFlows {
    private final LostRecord lost = new LostRecord();
    private final FlowReader reader = new FlowReader();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> writers = new ArrayList<>();
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

    void addAllOf(long writer) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sequence, line FROM flow WHERE writer = ? AND open = 1")) {
            statement.setLong(1, writer);
            take(writer, statement);
        }
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE flow SET open = 0 WHERE writer = ? AND open = 1")) {
            statement.setLong(1, writer);
            statement.executeUpdate();
        }
    }

    private void take(long writer, PreparedStatement open) throws SQLException {
        List<Long> taken = new ArrayList<>();
        try (ResultSet row = open.executeQuery()) {
            while (row.next()) {
                if (add(writer, row.getString(2))) {
                    taken.add(row.getLong(1));
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM flow WHERE sequence = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", taken.toArray()));
            statement.executeUpdate();
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
