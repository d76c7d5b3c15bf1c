package dev.exeat.control.store;

import dev.exeat.control.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file of a store, in SQLite. A write is on the disk when it returns (write-ahead log, synchronous FULL: SQLite's
 * "Write-Ahead Logging" and PRAGMA synchronous). Its owner alone may read it, for it holds Secrets. Not thread-safe.
 */
final class StoreFile implements AutoCloseable {
    private static final int BUSY_MILLIS = 5_000;

    private final Connection connection;
    private final JsonMapper json = JsonMapper.shared();
    private final PreparedStatement put;
    private final PreparedStatement remove;
    private final PreparedStatement log;
    private final PreparedStatement trim;
    private final PreparedStatement head;

    private StoreFile(Connection connection) throws SQLException {
        this.connection = connection;
        this.put = connection.prepareStatement("INSERT INTO object VALUES (?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body");
        this.remove = connection.prepareStatement(
                "DELETE FROM object WHERE api_group = ? AND resource = ? AND namespace = ? AND name = ?");
        this.log = connection.prepareStatement("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        this.trim = connection.prepareStatement("DELETE FROM change WHERE version <= ?");
        this.head = connection.prepareStatement("UPDATE head SET version = ?");
    }

    /** @throws StoreException FAILED if it cannot be opened, or a later program wrote it */
    static StoreFile open(Path file, StoreTables tables) {
        try {
            create(file);
            SQLiteConfig config = new SQLiteConfig();
            config.setJournalMode(JournalMode.WAL);
            config.setSynchronous(SynchronousMode.FULL);
            config.setBusyTimeout(BUSY_MILLIS);
            String url = "jdbc:sqlite:" + file.toAbsolutePath();
            Connection connection = config.createConnection(url);
            try {
                tables.migrate(connection, file);
                connection.setAutoCommit(false);
                return new StoreFile(connection);
            } catch (SQLException | StoreException e) {
                connection.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw failed(
                    "the store " + file + " cannot be opened (" + e.getMessage()
                            + "); restore it with a backup, or choose another data directory",
                    e);
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** The version of the last write. */
    long version() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version FROM head")) {
            return row.getLong(1);
        } catch (SQLException e) {
            throw failed("the store cannot be read (" + e.getMessage() + ")", e);
        } finally {
            endReading();
        }
    }

    List<StoredObject> objects() {
        List<StoredObject> objects = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT api_group, resource, namespace, name, version, body FROM object")) {
            while (row.next()) {
                objects.add(new StoredObject(key(row, 1), row.getLong(5), body(row.getBytes(6))));
            }
            return objects;
        } catch (SQLException e) {
            throw failed("the store cannot be read (" + e.getMessage() + ")", e);
        } finally {
            endReading();
        }
    }

    /**
     * Those that are kept, the oldest first.
     *
     * @param current the objects there are now, so that what they are is not read twice
     */
    List<Change> changes(Map<StoreKey, StoredObject> current) {
        List<Change> changes = new ArrayList<>();
        Map<StoreKey, StoredObject> last = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT type, api_group, resource, namespace, name, version, body,"
                                + " previous_version, previous FROM change ORDER BY version")) {
            while (row.next()) {
                StoreKey key = key(row, 2);
                StoredObject object = version(key, row, 6, current.get(key));
                long before = row.getLong(8);
                changes.add(new Change(
                        Change.Type.valueOf(row.getString(1)),
                        object,
                        before == 0 ? null : version(key, row, 8, last.get(key))));
                last.put(key, object);
            }
            return changes;
        } catch (SQLException e) {
            throw failed("the store cannot be read (" + e.getMessage() + ")", e);
        } finally {
            endReading();
        }
    }

    private StoredObject version(StoreKey key, ResultSet row, int column, @Nullable StoredObject known)
            throws SQLException {
        long version = row.getLong(column);
        return known != null && known.resourceVersion() == version
                ? known
                : new StoredObject(key, version, body(row.getBytes(column + 1)));
    }

    /** An open read transaction would keep the write-ahead log from being folded in. */
    private void endReading() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw failed("the store cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static StoreKey key(ResultSet row, int column) throws SQLException {
        return new StoreKey(
                row.getString(column), row.getString(column + 1), row.getString(column + 2), row.getString(column + 3));
    }

    private ObjectNode body(byte[] bytes) {
        try {
            return (ObjectNode) json.readTree(bytes);
        } catch (JacksonException e) {
            throw failed("the store holds what is no object (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Writes changes, all or none; when this returns, they are on the disk.
     *
     * @param changes at least one
     * @param forget the changes up to this version are not needed any more
     * @throws StoreException FAILED, and nothing is written
     */
    void write(List<Change> changes, long forget) {
        try {
            for (Change change : changes) {
                write(change);
            }
            trim.setLong(1, forget);
            trim.executeUpdate();
            head.setLong(1, changes.getLast().resourceVersion());
            head.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            rollBack(e);
            throw failed("the store cannot be written (" + e.getMessage() + "); nothing was changed", e);
        }
    }

    private void write(Change change) throws SQLException {
        StoredObject object = change.object();
        byte[] body = json.writeValueAsBytes(object.body());
        if (change.type() == Change.Type.DELETED) {
            set(remove, 1, object.key());
            remove.executeUpdate();
        } else {
            set(put, 1, object.key());
            put.setLong(5, object.resourceVersion());
            put.setBytes(6, body);
            put.executeUpdate();
        }
        log(change, body);
    }

    private void log(Change change, byte[] body) throws SQLException {
        log.setLong(1, change.resourceVersion());
        log.setString(2, change.type().name());
        set(log, 3, change.object().key());
        log.setBytes(7, body);
        StoredObject previous = change.previous();
        if (previous == null) {
            log.setObject(8, null);
            log.setObject(9, null);
        } else {
            log.setLong(8, previous.resourceVersion());
            log.setBytes(9, json.writeValueAsBytes(previous.body()));
        }
        log.executeUpdate();
    }

    private static void set(PreparedStatement statement, int column, StoreKey key) throws SQLException {
        statement.setString(column, key.group());
        statement.setString(column + 1, key.resource());
        statement.setString(column + 2, key.namespace());
        statement.setString(column + 3, key.name());
    }

    private void rollBack(SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("the store could not be closed (" + e.getMessage() + ")", e);
        }
    }

    private static StoreException failed(String message, @Nullable Throwable cause) {
        return new StoreException(Kind.FAILED, message, cause);
    }
}
