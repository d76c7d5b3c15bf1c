package dev.exeat.control.store;

import dev.exeat.control.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Copies of a store's file. What they make is on the disk when they return, and its owner alone may read it. */
public final class StoreBackup {
    /**
     * How far the version of a restored store is ahead of all that is known: whoever watched the store before lists again,
     * also if it had more writes after the backup than anybody remembers.
     */
    static final long AHEAD = 1_000_000_000;

    private static final int BUSY_MILLIS = 5_000;
    private static final List<String> BESIDE = List.of("-wal", "-shm");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private StoreBackup() {}

    /** What is in a store. */
    public record Content(long objects, long resourceVersion) {}

    /**
     * Writes a copy that is whole into a new file; the store may be in use meanwhile, by another process too.
     *
     * @throws StoreException MISSING if there is no store, EXISTS if there is the target, FAILED if the copy could not be
     *     made; no target is left then
     */
    public static Content backUp(Path store, Path target) {
        if (!Files.isRegularFile(store)) {
            throw new StoreException(
                    Kind.MISSING, "there is no store " + store + "; name its directory with --data-dir", null);
        }
        create(target);
        try {
            try (Connection reader = open(store, false);
                    PreparedStatement copy = reader.prepareStatement("VACUUM INTO ?")) {
                StoreTables.CURRENT.requireKnown(reader, store);
                copy.setString(1, target.toAbsolutePath().toString());
                copy.execute();
            }
            Content content = check(target);
            force(target);
            return content;
        } catch (SQLException | IOException | StoreException e) {
            deleteAfter(e, target);
            throw e instanceof StoreException known
                    ? known
                    : failed("the backup " + target + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** Made before anything is in it, so that nobody else can read it at any time. */
    private static void create(Path target) {
        try {
            Files.createFile(
                    target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw new StoreException(Kind.EXISTS, "there is a file " + target + " already; it is not overwritten", e);
        } catch (IOException e) {
            throw failed("the file " + target + " cannot be made (" + e + ")", e);
        }
    }

    private static void deleteAfter(Exception cause, Path target) {
        try {
            Files.deleteIfExists(target);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Looks through a whole file.
     *
     * @throws StoreException MISSING if there is none; FAILED if it is damaged, is no store, or a later program wrote it
     */
    public static Content check(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new StoreException(Kind.MISSING, "there is no file " + file, null);
        }
        try (Connection reader = open(file, true);
                Statement statement = reader.createStatement()) {
            if (StoreTables.CURRENT.requireKnown(reader, file) == 0) {
                throw failed(file + " is no store of Exeat", null);
            }
            try (ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
                String found = row.getString(1);
                if (!found.equals("ok")) {
                    throw failed(
                            file + " is damaged (" + found.lines().findFirst().orElse("") + ")", null);
                }
            }
            return content(statement);
        } catch (SQLException e) {
            throw failed(file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Content content(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT (SELECT count(*) FROM object), (SELECT version FROM head)")) {
            return new Content(row.getLong(1), row.getLong(2));
        }
    }

    /**
     * Puts a copy of a backup in the place of a store, whose file is kept under another name. No process may use the
     * store. The versions go on far ahead of those of both, so that every watch lists again.
     *
     * @return the name under which the file that was there is kept; null if there was none
     * @throws StoreException MISSING or FAILED if the backup cannot be used; the store is as it was then
     */
    public static @Nullable Path restore(Path backup, Path store, Instant now) {
        check(backup);
        Path fresh = store.resolveSibling(store.getFileName() + ".restoring");
        try {
            Files.deleteIfExists(fresh);
            create(fresh);
            Files.write(fresh, Files.readAllBytes(backup));
            check(fresh);
            goAhead(fresh, lastVersion(store));
            force(fresh);
            Path kept = setAside(store, now);
            Files.move(fresh, store, StandardCopyOption.ATOMIC_MOVE);
            force(store);
            return kept;
        } catch (SQLException | IOException e) {
            deleteAfter(e, fresh);
            throw failed("the store " + store + " cannot be restored (" + e.getMessage() + ")", e);
        }
    }

    private static void goAhead(Path fresh, long known) throws SQLException {
        try (Connection writer = open(fresh, false);
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("DELETE FROM change");
            statement.execute("UPDATE head SET version = max(version, " + known + ") + " + AHEAD);
            statement.execute("COMMIT");
        }
    }

    /** Of a store that may be damaged, or not be there; opening it folds in what a killed process left beside it. */
    private static long lastVersion(Path store) {
        if (!Files.isRegularFile(store)) {
            return 0;
        }
        try (Connection reader = open(store, false);
                Statement statement = reader.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            return content(statement).resourceVersion();
        } catch (SQLException e) {
            return 0; // That is why it is restored.
        }
    }

    private static @Nullable Path setAside(Path store, Instant now) throws IOException {
        if (!Files.exists(store)) {
            return null;
        }
        Path kept = store.resolveSibling(store.getFileName() + ".replaced-" + STAMP.format(now));
        if (Files.exists(kept)) {
            throw new FileAlreadyExistsException(kept.toString());
        }
        Files.move(store, kept, StandardCopyOption.ATOMIC_MOVE);
        for (String ending : BESIDE) {
            try {
                Files.move(beside(store, ending), beside(kept, ending), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // It was folded in.
            }
        }
        return kept;
    }

    private static Path beside(Path store, String ending) {
        return store.resolveSibling(store.getFileName() + ending);
    }

    private static Connection open(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    /** The file and its name. SQLite leaves that to whoever copies (VACUUM INTO). */
    private static void force(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        for (Path path : directory == null ? List.of(file) : List.of(file, directory)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static StoreException failed(String message, @Nullable Throwable cause) {
        return new StoreException(Kind.FAILED, message, cause);
    }
}
