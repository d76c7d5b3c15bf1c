package dev.exeat.control;

import dev.exeat.net.Inotify;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The watcher that knows when a file is closed. */
final class InotifyWatcher implements DirectoryWatcher {
    private final Inotify inotify = Inotify.open();

    @Override
    public void watch(Path directory) {
        inotify.watch(directory);
    }

    @Override
    public List<Change> await(Duration most) {
        return inotify.await(most).stream()
                .map(c -> new Change(
                        c.directory(), c.name(), Kind.valueOf(c.kind().name())))
                .toList();
    }

    @Override
    public void close() {
        inotify.close();
    }
}
