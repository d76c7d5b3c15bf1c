package dev.exeat.flow.store;

import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowReader;
import dev.exeat.flow.store.FlowRows.Row;
import dev.exeat.flow.store.FlowRows.Span;
import dev.exeat.flow.store.MinuteSum.Group;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a flow store by SQL: the same tables and the same queries whatever the database. */
final class SqlFlowHistory implements FlowHistory {
    private static final Logger LOG = LoggerFactory.getLogger(SqlFlowHistory.class);
    private static final long SECONDS_PER_MINUTE = Duration.ofMinutes(1).toSeconds();

    /** So many are read at once: few where a visitor wants few, many where it wants all. */
    private static final int LEAST_AT_ONCE = 64;

    private static final int MOST_AT_ONCE = 2 * 1024;

    private static final int SUMS_AT_ONCE = 4 * 1024;

    /** No group of a minute comes before it. */
    private static final Group BEFORE_ALL = new Group("", "", -1, "", "", "");

    private final Connection connection;
    private final String sequenceSince;
    private final String byId;
    private final FlowReader reader = new FlowReader();
    private final AtomicLong told = new AtomicLong();

    /**
     * @param connection closed with this
     * @param sequenceSince asks for the first sequence to look at for flows accepted since a time in microseconds
     * @param byId asks for the newest line of an id
     */
    SqlFlowHistory(Connection connection, String sequenceSince, String byId) {
        this.connection = connection;
        this.byId = byId;
        this.sequenceSince = sequenceSince;
    }

    @Override
    public void read(FlowFilter filter, Window window, FlowVisitor visitor) {
        if (window.last() == 0) {
            scan(filter, window.after(), false, visitor);
            return;
        }
        List<StoredFlow> newest = new ArrayList<>();
        scan(filter, window.after(), true, new FlowVisitor() {
            @Override
            public boolean visit(StoredFlow flow) {
                newest.add(flow);
                return newest.size() < window.last();
            }

            @Override
            public boolean goesOn() {
                return visitor.goesOn();
            }
        });
        newest.reversed().stream()
                .takeWhile(flow -> visitor.goesOn() && visitor.visit(flow))
                .forEach(_ -> {});
    }

    private void scan(FlowFilter filter, long after, boolean newestFirst, FlowVisitor visitor) {
        try (FlowRows rows = new FlowRows(connection, span(filter, after, newestFirst), filter)) {
            int size = LEAST_AT_ONCE;
            ForkJoinTask<List<StoredFlow>> now = parse(rows.next(size), filter);
            boolean more = true;
            while (more) {
                // Parsed while the visitor looks at those before.
                size = Math.min(2 * size, MOST_AT_ONCE);
                List<Row> part = rows.next(size);
                ForkJoinTask<List<StoredFlow>> then = parse(part, filter);
                more = visitor.goesOn() && now.join().stream().allMatch(visitor::visit) && !part.isEmpty();
                now = then;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Span span(FlowFilter filter, long after, boolean newestFirst) throws SQLException {
        try {
            // Who reads on has been told where to begin.
            return new Span(after > 0 ? after : first(filter.since()) - 1, newest(connection), newestFirst);
        } finally {
            end(connection);
        }
    }

    /** The next question sees what was written meanwhile, and nobody waits for this one's locks. */
    static void end(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    private void end() {
        try {
            end(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Reading JSON is most of the work, and all processors share it. */
    private ForkJoinTask<List<StoredFlow>> parse(List<Row> rows, FlowFilter filter) {
        return ForkJoinPool.commonPool()
                .submit(() -> rows.parallelStream()
                        .flatMap(this::parse)
                        .filter(stored -> filter.test(stored.flow()))
                        .toList());
    }

    private Stream<StoredFlow> parse(Row row) {
        try {
            return Stream.of(new StoredFlow(row.sequence(), reader.read(row.line())));
        } catch (RecordFormatException e) {
            // Who follows comes by it again until there is a newer one.
            if (told.getAndAccumulate(row.sequence(), Math::max) < row.sequence()) {
                tell(row, e);
            }
            return Stream.empty();
        }
    }

    private static void tell(Row row, RecordFormatException e) {
        LOG.atWarn()
                .addKeyValue("sequence", row.sequence())
                .addKeyValue("cause", e.getMessage())
                .log("a record of the history cannot be read, and is passed over");
    }

    /** None before it was accepted since then. */
    private long first(@Nullable Instant since) throws SQLException {
        if (since == null) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(sequenceSince)) {
            statement.setLong(1, FlowRows.micros(since, 0));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    @Override
    public @Nullable Flow find(String id) {
        try (PreparedStatement statement = connection.prepareStatement(byId)) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? reader.read(row.getString(1)) : null;
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            end();
        }
    }

    @Override
    public void minutes(Instant since, Instant until, Predicate<MinuteSum> visitor) {
        long end = minute(until);
        List<MinuteSum> part = sums(minute(since), BEFORE_ALL, end);
        while (part.stream().allMatch(visitor) && part.size() == SUMS_AT_ONCE) {
            MinuteSum last = part.getLast();
            part = sums(minute(last.minute()), last.group(), end);
        }
    }

    /** The first of those behind that one, in the order of the table's primary key. */
    private List<MinuteSum> sums(long minute, Group group, long end) {
        String sql = "SELECT minute, identity, host, port, verdict, reason, rule, count, received, sent FROM minute"
                + " WHERE (minute, identity, host, port, verdict, reason, rule) > (?, ?, ?, ?, ?, ?, ?) AND minute < ?"
                + " ORDER BY minute, identity, host, port, verdict, reason, rule LIMIT " + SUMS_AT_ONCE;
        List<MinuteSum> sums = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, minute);
            statement.setString(2, group.identity());
            statement.setString(3, group.host());
            statement.setInt(4, group.port());
            statement.setString(5, group.verdict());
            statement.setString(6, group.reason());
            statement.setString(7, group.rule());
            statement.setLong(8, end);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sums.add(sum(row));
                }
            }
            return sums;
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            end();
        }
    }

    /** The first that does not begin before then. */
    private static long minute(Instant time) {
        return Math.ceilDiv(time.getEpochSecond(), SECONDS_PER_MINUTE);
    }

    private static MinuteSum sum(ResultSet row) throws SQLException {
        Group group = new Group(
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                row.getString(6),
                row.getString(7));
        return new MinuteSum(
                Instant.ofEpochSecond(row.getLong(1) * SECONDS_PER_MINUTE),
                group,
                row.getLong(8),
                row.getLong(9),
                row.getLong(10));
    }

    @Override
    public long newest() {
        try {
            return newest(connection);
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            end();
        }
    }

    static long newest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT max(sequence) FROM flow")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static FlowStoreException failed(SQLException cause) {
        return new FlowStoreException("the flow store cannot be read (" + cause.getMessage() + ")", cause);
    }
}
