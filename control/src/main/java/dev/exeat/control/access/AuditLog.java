package dev.exeat.control.access;

import dev.exeat.control.store.Change;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.flow.AppendedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each write that somebody asked of the API, also for one that was refused. The line of a write is in the
 * file before the write is answered. Thread-safe; waits for the file.
 */
public final class AuditLog implements AutoCloseable {
    /** Its name in the data directory. */
    public static final String FILE = "audit.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final long MOST_OCTETS = 16L * 1024 * 1024;
    private static final int KEPT = 16;
    private static final int MOST_CHANGES = 1000;
    private static final long STRANGERS_MILLIS = 1000;
    private static final ScopedValue<Changes> CHANGES = ScopedValue.newInstance();

    private final AppendedFile file;
    private final InstantSource clock;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong strangersAgain = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong strangersLeftOut = new AtomicLong();

    private AuditLog(AppendedFile file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** What a request did to the store, in its order; of very many the first ones. */
    static final class Changes {
        private final List<Change> first = new ArrayList<>();
        private int leftOut;

        private void add(Change change) {
            if (first.size() < MOST_CHANGES) {
                first.add(change);
            } else {
                leftOut++;
            }
        }

        List<Change> first() {
            return first;
        }

        int leftOut() {
            return leftOut;
        }
    }

    /**
     * Opens the file in the data directory and follows what requests do to the store.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public static AuditLog open(Path dataDir, ObjectStore store, InstantSource clock) {
        try {
            AuditLog log = new AuditLog(AppendedFile.open(dataDir.resolve(FILE), MOST_OCTETS, KEPT, clock), clock);
            // Called by the thread that writes.
            store.onChange(change -> {
                if (CHANGES.isBound()) {
                    CHANGES.get().add(change);
                }
            });
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException("the audit log in " + dataDir + " cannot be written", e);
        }
    }

    /** The code with which a result is answered. */
    public interface Outcome<T> {
        int code(T result);
    }

    /**
     * Does what was asked and tells of it.
     *
     * @param work answers refusals, and throws nothing but for faults
     * @throws AuditException before anything is done, where the file cannot be written
     */
    public <T> T during(AuditEntry entry, Supplier<T> work, Outcome<T> outcome) {
        requireWritable();
        Changes changes = new Changes();
        T result;
        try {
            result = ScopedValue.where(CHANGES, changes).call(work::get);
        } catch (RuntimeException e) {
            append(AuditLine.of(clock.instant(), entry, 500, changes));
            throw e;
        }
        append(AuditLine.of(clock.instant(), entry, outcome.code(result), changes));
        return result;
    }

    /** Tells of a write that was refused before anything was done. */
    public void refused(AuditEntry entry, int code) {
        append(AuditLine.of(clock.instant(), entry, code, new Changes()));
    }

    /** As {@link #refused}, for callers that nobody knows: one a second, lest they push all else out of the file. */
    public void stranger(AuditEntry entry, int code) {
        long now = clock.millis();
        long again = strangersAgain.get();
        if (now < again || !strangersAgain.compareAndSet(again, now + STRANGERS_MILLIS)) {
            strangersLeftOut.incrementAndGet();
            return;
        }
        append(AuditLine.ofStranger(clock.instant(), entry, code, strangersLeftOut.getAndSet(0)));
    }

    private void requireWritable() {
        long missing = lost.get();
        if (missing == 0) {
            return;
        }
        try {
            file.append(AuditLine.ofLoss(clock.instant(), missing));
            lost.addAndGet(-missing);
        } catch (IOException e) {
            throw new AuditException("the audit log cannot be written, so nothing is; see the server's log", e);
        }
    }

    private void append(byte[] line) {
        try {
            file.append(line);
        } catch (IOException e) {
            lost.incrementAndGet();
            LOG.atError()
                    .addKeyValue("cause", e.toString())
                    .log("the audit log cannot be written; until it can, the API takes no writes");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
