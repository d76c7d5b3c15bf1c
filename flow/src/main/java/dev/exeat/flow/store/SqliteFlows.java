package dev.exeat.flow.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * The file of a flow store, in SQLite. What is committed survives the end of the process, but not surely that of the
 * machine (write-ahead log, synchronous NORMAL: SQLite's PRAGMA synchronous), for records are worth less than a flush to
 * the disk five times a second. Its owner alone may read it.
 */
public final class SqliteFlows implements FlowStore {
    /** Its name in a data directory. */
    public static final String FILE = "flows.db";

    /** The first that was written of those accepted since then, or in its minute; all, where what is known begins later. */
    private static final String SEQUENCE_SINCE =
            "SELECT CASE WHEN ?1 / 60000000 <= (SELECT min(minute) FROM accepted) THEN 0"
                    + " ELSE (SELECT coalesce(min(sequence), " + Long.MAX_VALUE
                    + ") FROM accepted WHERE minute >= ?1 / 60000000) END";

    /** Of the write-ahead log, after which it is copied into the file: pages that change often are so copied once for many. */
    private static final int LOG_PAGES = 2 * 1024;

    /** Of a new file, in octets: records are long and are written one after the other, and each page costs some calls. */
    private static final int PAGE = 16 * 1024;

    private static final int BUSY_MILLIS = 5_000;

    /** A batch and what it changes; more makes nothing faster, for records are written once. */
    private static final int CACHE_KIBIBYTES = 2 * 1024;

    /** Of one that was open, or in its block. */
    private static final String BY_ID = """
            SELECT line FROM flow WHERE id = ?1 AND long = 1
            UNION ALL SELECT line FROM flow WHERE id = ?1
                AND sequence >= (SELECT first FROM block WHERE ids = substr(?1, 1, max(length(?1) - 3, 0)))
                AND sequence <= (SELECT last FROM block WHERE ids = substr(?1, 1, max(length(?1) - 3, 0)))
            LIMIT 1""";

    /** From each version to the next, the first from an empty file. */
    private static final List<List<String>> STEPS = List.of(
            List.of(
                    """
                    CREATE TABLE flow (
                        sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, id TEXT NOT NULL, writer INTEGER NOT NULL,
                        open INTEGER NOT NULL, line TEXT NOT NULL)""",
                    "CREATE INDEX flow_time ON flow (time)",
                    "CREATE INDEX flow_id ON flow (id)",
                    "CREATE INDEX flow_open ON flow (writer) WHERE open = 1",
                    """
                    CREATE TABLE minute (
                        minute INTEGER NOT NULL, identity TEXT NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL,
                        verdict TEXT NOT NULL, reason TEXT NOT NULL, rule TEXT NOT NULL,
                        count INTEGER NOT NULL, received INTEGER NOT NULL, sent INTEGER NOT NULL,
                        PRIMARY KEY (minute, identity, host, port, verdict, reason, rule)) WITHOUT ROWID""",
                    "CREATE TABLE writer (writer INTEGER PRIMARY KEY, pid INTEGER NOT NULL, started TEXT NOT NULL)"),
            List.of(
                    "CREATE TABLE accepted (minute INTEGER PRIMARY KEY, sequence INTEGER NOT NULL)",
                    "INSERT INTO accepted SELECT time / 60000000, min(sequence) FROM flow GROUP BY 1",
                    "DROP INDEX flow_time",
                    "CREATE TABLE block (ids TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID",
                    "INSERT INTO block SELECT substr(id, 1, max(length(id) - 3, 0)), min(sequence), max(sequence)"
                            + " FROM flow WHERE open = 0 GROUP BY 1",
                    "DROP INDEX flow_id",
                    "ALTER TABLE flow ADD COLUMN long INTEGER NOT NULL DEFAULT 0",
                    "UPDATE flow SET long = 1 WHERE open = 1",
                    "CREATE INDEX flow_long ON flow (id) WHERE long = 1"));

    private final Path file;

    public SqliteFlows(Path file) {
        this.file = file;
    }

    @Override
    public FlowTable table() {
        try {
            create();
            SQLiteConfig config = config();
            config.setPageSize(PAGE);
            // Waits for another writer, as during a takeover: a transaction that had read before could not.
            config.setTransactionMode(TransactionMode.IMMEDIATE);
            config.setSynchronous(SynchronousMode.NORMAL);
            Connection connection = config.createConnection(url());
            try {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("PRAGMA journal_mode = WAL");
                    statement.execute("PRAGMA wal_autocheckpoint = " + LOG_PAGES);
                }
                migrate(connection);
                return new SqliteFlowTable(connection);
            } catch (SQLException | FlowStoreException e) {
                connection.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public FlowHistory history() {
        try {
            SQLiteConfig config = config();
            config.setReadOnly(true);
            Connection connection = config.createConnection(url());
            try {
                requireVersion(connection);
                return new SqlFlowHistory(connection, SEQUENCE_SINCE, BY_ID);
            } catch (SQLException | FlowStoreException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private String url() {
        return "jdbc:sqlite:" + file.toAbsolutePath();
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(-CACHE_KIBIBYTES);
        return config;
    }

    private void create() throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private void migrate(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (int version = version(connection); version < STEPS.size(); version++) {
                for (String step : STEPS.get(version)) {
                    statement.executeUpdate(step);
                }
                statement.executeUpdate("PRAGMA user_version = " + (version + 1));
            }
        }
        connection.setAutoCommit(true);
        requireVersion(connection);
    }

    private void requireVersion(Connection connection) throws SQLException {
        int version = version(connection);
        if (version != STEPS.size()) {
            throw new FlowStoreException(
                    "the flow store " + file + " has version " + version + ", this program knows " + STEPS.size()
                            + (version < STEPS.size()
                                    ? "; a gateway of this program that is started with it makes it so"
                                    : "; use the program that made it, or move the file away"),
                    new SQLException("version " + version));
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.getInt(1);
        }
    }

    private FlowStoreException failed(Exception cause) {
        return new FlowStoreException(
                Files.exists(file)
                        ? "the flow store " + file + " cannot be opened (" + cause.getMessage()
                                + "); move it away to begin a new one"
                        : "there is no flow store " + file,
                cause);
    }
}
