package dev.exeat.cli.up;

import dev.exeat.control.DirectoryWatcher;
import dev.exeat.net.Inotify;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The directory source's watcher over inotify, which alone tells when a file that was written is closed. */
final class InotifyWatcher implements DirectoryWatcher {
    private final Inotify inotify = Inotify.open();

    @Override
    public void watch(Path directory) {
        inotify.watch(directory);
    }

    @Override
    public List<Change> await(Duration most) {
        return inotify.await(most).stream()
                .map(change -> new Change(change.directory(), change.name(), kind(change.kind())))
                .toList();
    }

    private static Kind kind(Inotify.Kind kind) {
        return switch (kind) {
            case WRITTEN -> Kind.WRITTEN;
            case MODIFIED -> Kind.MODIFIED;
            case CREATED -> Kind.CREATED;
            case REMOVED -> Kind.REMOVED;
            case OVERFLOW -> Kind.OVERFLOW;
        };
    }

    @Override
    public void close() {
        inotify.close();
    }
}
