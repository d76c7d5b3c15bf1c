package dev.exeat.control.store;

import dev.exeat.control.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of a store and how they came to be: each step makes one version of the next, and the file's
 * {@code user_version} says how many were taken. A step is never changed once it was released.
 *
 * @param steps the statements of each, the first of which makes version 1 of an empty file
 */
record StoreTables(List<List<String>> steps) {
    static final StoreTables CURRENT = new StoreTables(List.of(List.of(
            "CREATE TABLE object (api_group TEXT NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL,"
                    + " name TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,"
                    + " PRIMARY KEY (api_group, resource, namespace, name)) WITHOUT ROWID",
            "CREATE TABLE change (version INTEGER PRIMARY KEY, type TEXT NOT NULL, api_group TEXT NOT NULL,"
                    + " resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,"
                    + " previous_version INTEGER, previous BLOB)",
            "CREATE TABLE head (version INTEGER NOT NULL)",
            "INSERT INTO head VALUES (0)")));

    /**
     * Brings a file to the current version, in one transaction: after an error it is as it was.
     *
     * @throws StoreException FAILED if a later program wrote it
     */
    void migrate(Connection connection, Path file) throws SQLException {
        int version = requireKnown(connection, file);
        if (version == steps.size()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                for (List<String> step : steps.subList(version, steps.size())) {
                    for (String change : step) {
                        statement.execute(change);
                    }
                }
                statement.execute("PRAGMA user_version = " + steps.size());
                statement.execute("COMMIT");
            } catch (SQLException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        }
    }

    /**
     * The version of a file, 0 if it is empty.
     *
     * @throws StoreException FAILED if a later program wrote it
     */
    int requireKnown(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            int version = row.getInt(1);
            if (version < 0 || version > steps.size()) {
                throw new StoreException(
                        Kind.FAILED,
                        "the store " + file + " was written by a later version of Exeat (its tables have version "
                                + version + ", this program knows " + steps.size()
                                + "); start that version, or restore a backup",
                        null);
            }
            return version;
        }
    }
}
