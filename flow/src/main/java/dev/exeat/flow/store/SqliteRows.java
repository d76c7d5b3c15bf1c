package dev.exeat.flow.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Puts flows into a file, and what finds them there again. An entry of an index costs about as much as a flow; since times
 * and ids go up almost with the sequence, it is enough to know where those of a minute, and of a block of ids, are.
 */
final class SqliteRows {
    /** So many rows are put by one statement, for a statement costs as much as a row. */
    private static final int AT_ONCE = 20;

    private static final String PUT = "INSERT INTO flow (sequence, time, id, line, writer, open, long) VALUES ";
    private static final int SHORT_COLUMNS = 4;
    private static final long MICROS_PER_MINUTE = 60_000_000;

    /** A block is of the ids that differ in so many letters at their end alone. */
    private static final int BLOCK_LETTERS = 3;

    private final PreparedStatement put;
    private final PreparedStatement putShort;
    private final PreparedStatement putShorts;
    private final PreparedStatement drop;
    private final PreparedStatement minute;
    private final PreparedStatement block;
    private final PreparedStatement newest;

    private record Numbered(long sequence, Entry entry) {}

    /** @param first and last sequence */
    private record Span(long first, long last) {
        Span with(Span other) {
            return new Span(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    /** @param writer of the rows that are put without one */
    SqliteRows(Connection connection, long writer) throws SQLException {
        String shortRow = "(?, ?, ?, ?, " + writer + ", 0, 0)";
        put = connection.prepareStatement(PUT + "(?, ?, ?, ?, ?, ?, 1)");
        putShort = connection.prepareStatement(PUT + shortRow);
        putShorts = connection.prepareStatement(PUT + String.join(", ", Collections.nCopies(AT_ONCE, shortRow)));
        drop = connection.prepareStatement("DELETE FROM flow WHERE sequence = ?");
        minute = connection.prepareStatement("INSERT OR IGNORE INTO accepted (minute, sequence) VALUES (?, ?)");
        block = connection.prepareStatement("INSERT INTO block (ids, first, last) VALUES (?, ?, ?)"
                + " ON CONFLICT (ids) DO UPDATE SET last = excluded.last");
        newest = connection.prepareStatement("SELECT max(sequence) FROM flow");
    }

    /**
     * Puts flows in their order.
     *
     * @param isLong whether the flow is open, or takes the place of an open one: such are not near others of their time
     * @return the sequence of the first; the others follow
     */
    long put(List<Entry> entries, long writer, Predicate<Entry> isLong) throws SQLException {
        // Another process may write too, while it hands over.
        long first = newest() + 1;
        long sequence = first;
        List<Numbered> shorts = new ArrayList<>(entries.size());
        Map<Long, Long> minutes = new HashMap<>();
        Map<String, Span> blocks = new HashMap<>();
        for (Entry entry : entries) {
            minutes.putIfAbsent(Math.floorDiv(entry.micros(), MICROS_PER_MINUTE), sequence);
            if (isLong.test(entry)) {
                put(new Numbered(sequence, entry), writer);
            } else {
                shorts.add(new Numbered(sequence, entry));
                blocks.merge(block(entry.id()), new Span(sequence, sequence), Span::with);
            }
            sequence++;
        }
        putShorts(shorts);
        note(minutes, blocks);
        return first;
    }

    private long newest() throws SQLException {
        try (ResultSet row = newest.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static String block(String id) {
        return id.substring(0, Math.max(0, id.length() - BLOCK_LETTERS));
    }

    private void put(Numbered row, long writer) throws SQLException {
        bind(put, 0, row);
        put.setLong(SHORT_COLUMNS + 1, writer);
        put.setInt(SHORT_COLUMNS + 2, row.entry().open() ? 1 : 0);
        put.executeUpdate();
    }

    private void putShorts(List<Numbered> rows) throws SQLException {
        int done = 0;
        while (done < rows.size()) {
            int count = rows.size() - done >= AT_ONCE ? AT_ONCE : 1;
            PreparedStatement statement = count == 1 ? putShort : putShorts;
            for (int row = 0; row < count; row++) {
                bind(statement, row * SHORT_COLUMNS, rows.get(done + row));
            }
            statement.executeUpdate();
            done += count;
        }
    }

    private static void bind(PreparedStatement statement, int before, Numbered row) throws SQLException {
        statement.setLong(before + 1, row.sequence());
        statement.setLong(before + 2, row.entry().micros());
        statement.setString(before + 3, row.entry().id());
        statement.setString(before + 4, row.entry().line().get());
    }

    private void note(Map<Long, Long> minutes, Map<String, Span> blocks) throws SQLException {
        for (Map.Entry<Long, Long> first : minutes.entrySet()) {
            minute.setLong(1, first.getKey());
            minute.setLong(2, first.getValue());
            minute.executeUpdate();
        }
        for (Map.Entry<String, Span> span : blocks.entrySet()) {
            block.setString(1, span.getKey());
            block.setLong(2, span.getValue().first());
            block.setLong(3, span.getValue().last());
            block.executeUpdate();
        }
    }

    /** Deletes rows; never the newest, or its sequence would come again. */
    void drop(List<Long> sequences) throws SQLException {
        for (long sequence : sequences) {
            drop.setLong(1, sequence);
            drop.executeUpdate();
        }
    }
}
