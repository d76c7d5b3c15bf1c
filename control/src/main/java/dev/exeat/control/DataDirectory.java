package dev.exeat.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds a process's state, held by one process at a time. Readable by its owner alone, because the
 * authority's keys lie in it.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final int MAX_NOTE = 4096;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final FileChannel channel;
    private final String command;
    private FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock, String command) {
        this.path = path;
        this.channel = channel;
        this.command = command;
        this.lock = lock;
    }

    /**
     * Makes the directory where there is none, and locks it until it is closed or the process ends.
     *
     * @param command what the holder is doing, told to others that try
     * @throws DataDirectoryException if it can't be made or read, or another process holds it; the message says who
     */
    public static DataDirectory open(Path path, String command) {
        try {
            Files.createDirectories(path.toAbsolutePath(), ownerOnly(path));
            protect(path);
            Path file = path.resolve(LOCK);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return lock(path, channel, command);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "the data directory " + path + " cannot be used ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); choose another with --data-dir",
                    e);
        }
    }

    private static DataDirectory lock(Path path, FileChannel channel, String command) throws IOException {
        FileLock lock = null;
        try {
            lock = tryLock(channel);
            if (lock == null) {
                throw new DataDirectoryException(
                        "the data directory " + path + " is in use by " + holder(channel)
                                + "; stop that process, or choose another directory with --data-dir",
                        null);
            }
            note(channel, command);
            return new DataDirectory(path, channel, lock, command);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held within this process
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer note = ByteBuffer.allocate(MAX_NOTE);
        channel.read(note, 0);
        String text = new String(note.array(), 0, note.position(), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "another process" : text;
    }

    private static void note(FileChannel channel, String command) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        Instant since = self.info().startInstant().orElseGet(Instant::now).truncatedTo(ChronoUnit.SECONDS);
        String text = "process " + self.pid() + ", running since " + since + ": "
                + command.lines().findFirst().orElse("") + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static void protect(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")
                && !Files.getPosixFilePermissions(path).equals(OWNER_ONLY)) {
            Files.setPosixFilePermissions(path, OWNER_ONLY);
        }
    }

    public Path path() {
        return path;
    }

    /** The trust bundle that workloads need to verify the API and the gateway. */
    public Path bundleFile() {
        return path.resolve("bundle.pem");
    }

    /** The addresses that are bound. */
    public Path readyFile() {
        return path.resolve("ready.json");
    }

    /**
     * Gives the lock to a process that takes over.
     *
     * @throws DataDirectoryException if it can't be released
     */
    public synchronized void suspend() {
        try {
            lock.release();
        } catch (IOException e) {
            throw new DataDirectoryException("the data directory " + path + " cannot be released", e);
        }
    }

    /**
     * Takes the lock again that {@link #suspend} gave away.
     *
     * @throws DataDirectoryException if another process has it
     */
    public synchronized void resume() {
        try {
            FileLock again = tryLock(channel);
            if (again == null) {
                throw new DataDirectoryException(
                        "the data directory " + path + " is in use by " + holder(channel), null);
            }
            lock = again;
            note(channel, command);
        } catch (IOException e) {
            throw new DataDirectoryException("the data directory " + path + " cannot be locked again", e);
        }
    }

    /** Gives the lock back. The lock file stays: removing it could take another process's lock away. */
    @Override
    public synchronized void close() {
        try {
            if (lock.isValid()) {
                channel.truncate(0);
                lock.release();
            }
            channel.close();
        } catch (IOException e) {
            throw new DataDirectoryException("the data directory " + path + " cannot be released", e);
        }
    }
}
