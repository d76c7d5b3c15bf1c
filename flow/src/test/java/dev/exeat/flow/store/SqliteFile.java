package dev.exeat.flow.store;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An empty file of flows, open to be written and to be read. */
abstract class SqliteFile {
    @TempDir
    Path directory;

    Path file;
    FlowTable table;
    FlowHistory history;

    @BeforeEach
    void open_both_sides() {
        file = directory.resolve("flows.db");
        table = new SqliteFlows(file).table();
        history = new SqliteFlows(file).history();
    }

    @AfterEach
    void close_both_sides() {
        history.close();
        table.close();
    }

    final void sql(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Whether all of the write-ahead log is in the file, which fails while a reader is at it. */
    final boolean isLogTaken() {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            return row.getInt("busy") == 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
