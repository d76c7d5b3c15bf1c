package dev.exeat.control.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the objects to disk soon after they changed, on a thread of its own; many changes are written once. */
final class ObjectKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectKeeper.class);
    private static final Duration SOON = Duration.ofMillis(500);
    /** So that a large set that changes all the time does not keep the disk busy. */
    private static final int REST = 10;

    private final KeptObjects file;
    private final Supplier<KeptObjects.Content> content;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;
    private volatile boolean dirty;
    private boolean failing;

    ObjectKeeper(KeptObjects file, Supplier<KeptObjects.Content> content) {
        this.file = file;
        this.content = content;
        this.thread = Thread.ofPlatform().daemon().name("exeat-keeper").start(this::run);
    }

    void changed() {
        dirty = true;
        changes.release();
    }

    private void run() {
        try {
            while (true) {
                changes.acquire();
                Thread.sleep(SOON);
                changes.drainPermits();
                long began = System.nanoTime();
                write();
                Thread.sleep(Duration.ofNanos((System.nanoTime() - began) * REST));
            }
        } catch (InterruptedException e) {
            if (dirty) {
                write();
            }
        }
    }

    private void write() {
        try {
            dirty = false;
            file.write(content.get());
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.atError()
                        .addKeyValue("problem", e.toString())
                        .log("the objects cannot be kept on disk; a start without the server would have older ones");
            }
            failing = true;
            changed();
        }
    }

    /** Writes what is not written yet. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
