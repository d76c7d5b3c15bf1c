package dev.exeat.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Tells what changes in directories. One thread awaits; {@link #close} may come from another and ends its wait.
 */
public interface DirectoryWatcher extends AutoCloseable {

    enum Kind {
        /** A file that was written is complete, or one was moved in. */
        WRITTEN,
        /** A file is being written; {@link #WRITTEN} follows when it is complete. */
        MODIFIED,
        /** A file, directory or link appeared; a plain file may not be complete before {@link #WRITTEN}. */
        CREATED,
        REMOVED,
        /** Changes came faster than they were taken: look at everything anew. */
        OVERFLOW
    }

    /**
     * @param directory as it was given to {@link #watch}
     * @param name within the directory; empty where the change concerns the directory itself
     */
    record Change(Path directory, String name, Kind kind) {}

    /**
     * Watches one directory, without those below it; watching it again changes nothing.
     *
     * @throws RuntimeException if it can't be watched; the message says why
     */
    void watch(Path directory);

    /**
     * Waits for changes, in their order.
     *
     * @param most zero to take what is there already
     * @return none after the time or when the watcher was closed
     */
    List<Change> await(Duration most);

    /** Idempotent. */
    @Override
    void close();
}
