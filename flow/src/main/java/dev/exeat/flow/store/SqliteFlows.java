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
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The file of a flow store, in SQLite. What is committed survives the end of the process, but not surely that of the
 * machine (write-ahead log, synchronous NORMAL: SQLite's PRAGMA synchronous), for records are worth less than a flush to
 * the disk five times a second. Its owner alone may read it.
 */
public final class SqliteFlows implements FlowStore {
    /** Its name in a data directory. */
    public static final String FILE = "flows.db";

    /** Of the first that was written of those accepted since then. */
    private static final String SEQUENCE_SINCE =
            "SELECT coalesce(min(sequence), " + Long.MAX_VALUE + ") FROM flow WHERE time >= ?";

    private static final int VERSION = 1;
    /** Of the write-ahead log, after which it is copied into the file: pages that change often are so copied once for many. */
    private static final int LOG_PAGES = 8 * 1024;

    private static final int BUSY_MILLIS = 5_000;
    private static final int CACHE_KIBIBYTES = 8 * 1024;
    private static final String[] TABLES = {
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
        "CREATE TABLE writer (writer INTEGER PRIMARY KEY, pid INTEGER NOT NULL, started TEXT NOT NULL)",
        "PRAGMA user_version = " + VERSION,
    };

    private final Path file;

    public SqliteFlows(Path file) {
        this.file = file;
    }

    @Override
    public FlowTable table() {
        try {
            create();
            SQLiteConfig config = config();
            config.setJournalMode(JournalMode.WAL);
            config.setSynchronous(SynchronousMode.NORMAL);
            Connection connection = config.createConnection(url());
            try {
                try (Statement statement = connection.createStatement()) {
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
                return new SqlFlowHistory(connection, SEQUENCE_SINCE);
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
        if (version(connection) == 0) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String table : TABLES) {
                    statement.executeUpdate(table);
                }
            }
            connection.commit();
        }
        requireVersion(connection);
        connection.setAutoCommit(false);
    }

    private void requireVersion(Connection connection) throws SQLException {
        int version = version(connection);
        if (version != VERSION) {
            throw new FlowStoreException(
                    "the flow store " + file + " has version " + version + ", this program knows " + VERSION
                            + "; use the program that made it, or move the file away",
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
