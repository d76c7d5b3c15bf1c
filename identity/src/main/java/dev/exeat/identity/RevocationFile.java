package dev.exeat.identity;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revocations that a file lists, in force within a second of its change. A file that is not there lists none; one
 * that cannot be read leaves what was in force. Thread-safe.
 */
final class RevocationFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationFile.class);

    private final Path file;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final FilePoll poll;
    private volatile Revocations current;
    private String lastProblem = "";

    /** @throws IdentityStoreException if the file is there and has a line that is no serial number */
    RevocationFile(Path file) {
        this.file = file;
        this.current = read(file);
        this.poll = new FilePoll(List.of(file), this::reread);
    }

    Revocations current() {
        return current;
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    static Revocations read(Path file) {
        if (!Files.exists(file)) {
            return Revocations.NONE;
        }
        try {
            return Revocations.parse(new String(SecretFiles.read(file), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IdentityStoreException(file + ": " + e.getMessage() + "; correct or remove the line", e);
        }
    }

    private void reread() {
        Revocations read;
        try {
            read = read(file);
            lastProblem = "";
        } catch (IdentityStoreException e) {
            if (!lastProblem.equals(e.getMessage())) {
                lastProblem = String.valueOf(e.getMessage());
                LOG.atError().addKeyValue("problem", lastProblem).log("the last good revocations stay in force");
            }
            return;
        }
        if (!read.equals(current)) {
            current = read;
            LOG.atInfo()
                    .addKeyValue("file", file)
                    .addKeyValue("serials", read.size())
                    .log("revocations are in force");
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public void close() {
        poll.close();
    }
}
