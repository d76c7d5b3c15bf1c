package dev.exeat.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a few small files twice a second and calls a task when one may have changed. It sees what inotify does not:
 * network file systems, and the symbolic links that Kubernetes turns over. The task must bear being called in vain.
 */
final class FilePoll implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMillis(500);

    /** A file this young may change again without its stamp changing. */
    private static final long SETTLED_AFTER_MILLIS = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(FilePoll.class);

    private final List<Path> files;
    private final Runnable task;
    private final CountDownLatch closed = new CountDownLatch(1);
    private List<Stamp> seen;

    /** What changes with a file's content; all empty if it is not there. */
    private record Stamp(long modified, long size, @Nullable Object key) {
        boolean isYoung(long now) {
            return key != null && Math.abs(now - modified) < SETTLED_AFTER_MILLIS;
        }
    }

    /** Begins to look; files that changed since the caller read them are noticed if the caller read them just now. */
    FilePoll(List<Path> files, Runnable task) {
        this.files = List.copyOf(files);
        this.task = task;
        this.seen = stamps();
        Thread.ofVirtual().name("file-poll").start(this::run);
    }

    private void run() {
        try {
            while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            long now = System.currentTimeMillis();
            List<Stamp> stamps = stamps();
            if (!stamps.equals(seen) || stamps.stream().anyMatch(s -> s.isYoung(now))) {
                seen = stamps;
                task.run();
            }
        } catch (RuntimeException e) {
            // An escaped exception would end the watching for good.
            LOG.atError().addKeyValue("files", files).setCause(e).log("cannot take over changed files");
        }
    }

    private List<Stamp> stamps() {
        List<Stamp> stamps = new ArrayList<>(files.size());
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(
                        new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey()));
            } catch (IOException e) {
                stamps.add(new Stamp(0, 0, null));
            }
        }
        return stamps;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
