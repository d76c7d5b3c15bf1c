package dev.exeat.flow.store;

import dev.exeat.flow.query.FlowFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of flows in the order of writing or against it, a part at a time. Between two parts nothing of the store is held:
 * neither its file nor who changes its tables waits for whoever looks at them. Not thread-safe.
 */
final class FlowRows implements AutoCloseable {
    // In the order of writing, whatever the span: sorting the lines of many days would take their memory.
    private static final String FROM =
            "SELECT sequence, line FROM flow WHERE sequence > ? AND sequence <= ? AND +time >= ? AND +time < ?"
                    + " ORDER BY sequence";

    /** Those that are open are few, and have an index of their own. */
    private static final String FROM_OPEN = "SELECT sequence, line FROM flow WHERE open = 1 AND +sequence > ?"
            + " AND +sequence <= ? AND +time >= ? AND +time < ? ORDER BY +sequence";

    private final Connection connection;
    private final PreparedStatement statement;
    private final boolean newestFirst;
    private long after;
    private long upTo;

    record Row(long sequence, String line) {}

    /**
     * Which rows.
     *
     * @param after exclusive
     * @param upTo inclusive: what is written while it is read would show a connection twice, as it began and as it ended
     */
    record Span(long after, long upTo, boolean newestFirst) {}

    /** @param filter whose times alone count, and whether it is of those that are open */
    FlowRows(Connection connection, Span span, FlowFilter filter) throws SQLException {
        this.connection = connection;
        this.after = span.after();
        this.upTo = span.upTo();
        this.newestFirst = span.newestFirst();
        this.statement = connection.prepareStatement(
                (filter.isOfOpen() ? FROM_OPEN : FROM) + (newestFirst ? " DESC LIMIT ?" : " LIMIT ?"));
        statement.setLong(3, micros(filter.since(), Long.MIN_VALUE));
        statement.setLong(4, micros(filter.until(), Long.MAX_VALUE));
    }

    static long micros(@Nullable Instant time, long otherwise) {
        return time == null ? otherwise : ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** The next so many; fewer at the end, and none behind it. */
    List<Row> next(int most) throws SQLException {
        List<Row> rows = new ArrayList<>();
        if (after >= upTo) {
            return rows;
        }
        statement.setLong(1, after);
        statement.setLong(2, upTo);
        statement.setInt(5, most);
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(row.getLong(1), row.getString(2)));
            }
        } finally {
            SqlFlowHistory.end(connection);
        }
        if (rows.size() < most) {
            after = upTo;
        } else if (newestFirst) {
            upTo = rows.getLast().sequence() - 1;
        } else {
            after = rows.getLast().sequence();
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
