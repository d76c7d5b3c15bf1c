package dev.exeat.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A watcher for any platform. The JDK doesn't tell when a file is closed, so a file counts as written once its size
 * and time have not changed for the settle time; a writer that pauses longer than that is seen half-way.
 */
public final class PortableDirectoryWatcher implements DirectoryWatcher {
    private final WatchService service;
    private final long settleNanos;
    private final Map<WatchKey, Path> watched = new HashMap<>();
    private final Map<Path, Settling> settling = new HashMap<>();

    private record Settling(Path directory, String name, Object stamp, long deadline) {}

    private PortableDirectoryWatcher(WatchService service, Duration settle) {
        this.service = service;
        this.settleNanos = settle.toNanos();
    }

    /** @param settle how long a file must lie still to count as written */
    public static PortableDirectoryWatcher open(Duration settle) {
        try {
            return new PortableDirectoryWatcher(FileSystems.getDefault().newWatchService(), settle);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot watch directories: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void watch(Path directory) {
        try {
            WatchKey key = directory.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            watched.put(key, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot watch " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<Change> await(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        List<Change> changes = new ArrayList<>();
        try {
            while (true) {
                takeSettled(changes);
                long wait = changes.isEmpty() ? Math.max(0, nextDeadline(end) - System.nanoTime()) : 0;
                WatchKey key = service.poll(wait, TimeUnit.NANOSECONDS);
                if (key != null) {
                    take(key, changes);
                } else if (!changes.isEmpty() || System.nanoTime() - end >= 0) {
                    return changes;
                }
            }
        } catch (ClosedWatchServiceException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return changes;
        }
    }

    private long nextDeadline(long end) {
        return settling.values().stream().mapToLong(Settling::deadline).reduce(end, (a, b) -> a - b < 0 ? a : b);
    }

    private synchronized void take(WatchKey key, List<Change> changes) {
        Path directory = watched.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (directory == null || StandardWatchEventKinds.OVERFLOW.equals(event.kind())) {
                changes.add(new Change(Path.of(""), "", Kind.OVERFLOW));
            } else {
                take(directory, String.valueOf(event.context()), event.kind(), changes);
            }
        }
        if (!key.reset() && directory != null) {
            watched.remove(key);
            changes.add(new Change(directory, "", Kind.REMOVED));
        }
    }

    private void take(Path directory, String name, WatchEvent.Kind<?> kind, List<Change> changes) {
        Path path = directory.resolve(name);
        if (StandardWatchEventKinds.ENTRY_DELETE.equals(kind)) {
            settling.remove(path);
            changes.add(new Change(directory, name, Kind.REMOVED));
            return;
        }
        boolean created = StandardWatchEventKinds.ENTRY_CREATE.equals(kind);
        boolean plain = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        if (plain) {
            settling.put(path, settling(directory, name));
        }
        if (plain || created) {
            changes.add(new Change(directory, name, created ? Kind.CREATED : Kind.MODIFIED));
        }
    }

    private void takeSettled(List<Change> changes) {
        List<Settling> unsettled = new ArrayList<>();
        for (Iterator<Settling> each = settling.values().iterator(); each.hasNext(); ) {
            Settling file = each.next();
            if (file.deadline() - System.nanoTime() > 0) {
                continue;
            }
            each.remove();
            Settling now = settling(file.directory(), file.name());
            if (now.stamp().equals(file.stamp())) {
                changes.add(new Change(file.directory(), file.name(), Kind.WRITTEN));
            } else {
                unsettled.add(now);
            }
        }
        unsettled.forEach(file -> settling.put(file.directory().resolve(file.name()), file));
    }

    private Settling settling(Path directory, String name) {
        return new Settling(directory, name, stamp(directory.resolve(name)), System.nanoTime() + settleNanos);
    }

    private static Object stamp(Path path) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return FileStamp.of(attributes);
        } catch (IOException e) {
            return "gone";
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
