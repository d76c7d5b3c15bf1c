package dev.exeat.flow.store;

import dev.exeat.flow.store.PostgresSchema.Day;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a writer, made when it is needed. After a failure it is made anew, not before a pause that doubles up to
 * ten seconds. Not thread-safe.
 */
final class PostgresSession implements AutoCloseable {
    /** Microseconds of the epoch by the server's clock, at the moment and not at the transaction's beginning. */
    static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** Nobody waits longer for a lock, or for one that hangs with it. */
    private static final String BOUNDS =
            "SET lock_timeout = '10s'; SET statement_timeout = '20s'; SET idle_in_transaction_session_timeout = '20s'";

    private final Connector connector;
    private final PostgresSchema schema;
    private final String machine = machine();
    private @Nullable Connected connected;
    private @Nullable FlowStoreException failure;
    private Duration pause = Duration.ZERO;
    private long failedAt;
    private long writer;

    /** Makes a connection. */
    @FunctionalInterface
    interface Connector {
        Connection connect() throws SQLException;
    }

    /** Steps that are done whole or not at all. */
    @FunctionalInterface
    interface Steps {
        void run(Connection connection) throws SQLException;
    }

    /** What lasts as long as a connection. */
    private static final class Connected {
        private final Connection connection;
        private final MinuteSums sums;
        private final Set<Day> days = new HashSet<>();

        Connected(Connection connection) throws SQLException {
            this.connection = connection;
            this.sums = new MinuteSums(connection);
        }
    }

    PostgresSession(Connector connector, PostgresSchema schema) {
        this.connector = connector;
        this.schema = schema;
    }

    /**
     * Runs the steps in a transaction.
     *
     * @throws FlowStoreException if it cannot be committed, or the server could not be reached just before
     */
    void run(String verb, Steps steps) {
        try {
            Connection connection = connect().connection;
            steps.run(connection);
            connection.commit();
            pause = Duration.ZERO;
        } catch (SQLException e) {
            throw failed(new FlowStoreException(message(verb, e), e, isPassing(e)));
        } catch (FlowStoreException e) {
            throw e.getCause() == failure ? e : failed(e);
        } catch (RuntimeException e) {
            throw failed(new FlowStoreException(message(verb, e), e));
        }
    }

    private static String message(String verb, Exception cause) {
        return "the flow store cannot be " + verb + " (" + cause.getMessage() + ")";
    }

    private Connected connect() throws SQLException {
        if (connected != null) {
            return connected;
        }
        if (failure != null && System.nanoTime() - failedAt < pause.toNanos()) {
            throw new FlowStoreException(String.valueOf(failure.getMessage()), failure, true);
        }
        Connection connection = connector.connect();
        try {
            PostgresSchema.execute(connection, BOUNDS);
            connection.setAutoCommit(false);
            schema.lock(connection);
            schema.create(connection);
            connected = new Connected(connection);
            register();
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.close();
            connected = null;
            throw e;
        }
        return connected;
    }

    /** Says that this writer is there. */
    void register() throws SQLException {
        String sql = writer == 0
                ? "INSERT INTO writer (machine, pid, started, seen) VALUES (?, ?, ?, " + NOW + ") RETURNING writer"
                : "INSERT INTO writer (machine, pid, started, seen, writer) VALUES (?, ?, ?, " + NOW
                        + ", ?) ON CONFLICT (writer) DO UPDATE SET seen = excluded.seen RETURNING writer";
        ProcessHandle process = ProcessHandle.current();
        try (PreparedStatement statement = open().connection.prepareStatement(sql)) {
            statement.setString(1, machine);
            statement.setLong(2, process.pid());
            statement.setString(
                    3, process.info().startInstant().map(Instant::toString).orElse(""));
            if (writer != 0) {
                statement.setLong(4, writer);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                writer = row.getLong(1);
            }
        }
    }

    /** Without a question to a name server, for which all other writers would wait. */
    private static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Makes the partitions of today and tomorrow where they are missing, in a transaction of its own, and tells why it could
     * not: nobody waits for the day ahead.
     */
    @Nullable
    SQLException prepareDays() {
        SQLException[] refused = new SQLException[1];
        run("prepared", connection -> {
            Day today;
            try (PreparedStatement statement = connection.prepareStatement("SELECT " + NOW);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                today = Day.of(row.getLong(1));
            }
            if (!open().days.contains(today.next())) {
                schema.lock(connection);
                Savepoint before = connection.setSavepoint();
                try {
                    PostgresSchema.execute(connection, "SET LOCAL lock_timeout = '1s'");
                    require(today);
                    require(today.next());
                } catch (SQLException e) {
                    connection.rollback(before);
                    open().days.clear();
                    refused[0] = e;
                }
            }
        });
        return refused[0];
    }

    /** Makes the partition of that moment where it is missing, in a transaction that holds the lock. */
    void requireDay(long micros) throws SQLException {
        require(Day.of(micros));
    }

    private void require(Day day) throws SQLException {
        if (!open().days.contains(day)) {
            schema.create(open().connection, day);
            open().days.add(day);
        }
    }

    /** The number of this writer in the store, once it was connected. */
    long writer() {
        return writer;
    }

    MinuteSums sums() {
        return open().sums;
    }

    boolean isConnected() {
        return connected != null;
    }

    private Connected open() {
        if (connected == null) {
            throw new IllegalStateException("no connection");
        }
        return connected;
    }

    private FlowStoreException failed(FlowStoreException cause) {
        disconnect();
        pause = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        failedAt = System.nanoTime();
        failure = cause;
        return cause;
    }

    /** Not where it is the data that the server refuses (its error codes, classes 22 and 23). */
    private static boolean isPassing(SQLException cause) {
        String state = cause.getSQLState();
        return state == null || !(state.startsWith("22") || state.startsWith("23"));
    }

    private void disconnect() {
        if (connected != null) {
            try {
                connected.connection.close();
            } catch (SQLException e) {
                // It is given up all the same.
            }
            connected = null;
        }
    }

    @Override
    public void close() {
        disconnect();
    }
}
