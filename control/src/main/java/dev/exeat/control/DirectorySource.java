package dev.exeat.control;

import dev.exeat.control.DirectoryWatcher.Change;
import dev.exeat.control.DirectoryWatcher.Kind;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resources from directories (or single files) of manifests, watched: {@code *.yaml}, {@code *.yml} and {@code *.json},
 * with the directories below. Hidden entries are skipped; links are followed, so that a mounted Kubernetes ConfigMap
 * works.
 *
 * <p>A changed file counts from the moment it is closed or moved into place, never half-written. A broken file leaves
 * its last good objects in force; a deleted one takes its objects with it, unless another file has them too.
 * Thread-safe.
 */
public final class DirectorySource implements ResourceSource {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);
    /** Where changes are not told, as on some network file systems, they are found by looking. */
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(20);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration READ_AGAIN = Duration.ofSeconds(1);

    private final List<Path> roots;
    private final DirectoryWatcher watcher;
    private final ManifestShelf shelf = new ManifestShelf();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final Object scanning = new Object();
    private final Deque<Change> pending = new ArrayDeque<>();
    private final Set<Path> watched = new HashSet<>();
    private volatile ResourceSet current = ResourceSet.EMPTY;
    private volatile boolean closed;

    private DirectorySource(List<Path> roots, DirectoryWatcher watcher) {
        this.roots = List.copyOf(roots);
        this.watcher = watcher;
        this.thread = Thread.ofPlatform().daemon().name("exeat-manifests").unstarted(this::watch);
    }

    /**
     * Reads everything once, then watches. A root that does not exist is a problem of the set, and is read when it
     * appears.
     *
     * @param roots in their order: of two files with the same object, the one below the later root wins
     * @param watcher is closed with the source
     */
    public static DirectorySource open(List<Path> roots, DirectoryWatcher watcher) {
        DirectorySource source = new DirectorySource(roots, watcher);
        source.look(Look.FIRST, Set.of());
        source.thread.start();
        return source;
    }

    /** Why the files are looked at, which decides what a file that nobody told of means. */
    private enum Look {
        FIRST,
        ROUTINE
    }

    @Override
    public ResourceSet current() {
        return current;
    }

    @Override
    public void refresh() {
        look(Look.ROUTINE, Set.of());
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void watch() {
        while (!closed) {
            try {
                List<Change> changes = nextChanges();
                Set<Path> complete = note(changes);
                if (!closed && !isWritingOnly(changes)) {
                    look(Look.ROUTINE, complete);
                }
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("watching the manifests failed; trying again");
                pauseAfterFault();
            }
        }
    }

    /** A long file is told of with each write; there is nothing to be read before its end. */
    private boolean isWritingOnly(List<Change> changes) {
        return !changes.isEmpty()
                && !shelf.hasUnsettled()
                && changes.stream().allMatch(change -> change.kind() == Kind.MODIFIED);
    }

    private void pauseAfterFault() {
        try {
            thread.join(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Change> nextChanges() {
        synchronized (scanning) {
            if (!pending.isEmpty()) {
                List<Change> left = List.copyOf(pending);
                pending.clear();
                return left;
            }
        }
        if (shelf.hasUnsettled()) {
            return watcher.await(LOOK_AGAIN);
        }
        return watcher.await(shelf.hasUnreadable() ? READ_AGAIN : LOOK_ANYWAY);
    }

    /** Remembers which files are being written, and gives those that are complete now. */
    private Set<Path> note(List<Change> changes) {
        Set<Path> complete = new HashSet<>();
        synchronized (scanning) {
            for (Change change : changes) {
                Path path = change.directory().resolve(change.name());
                switch (change.kind()) {
                    case WRITTEN -> {
                        shelf.writingEnded(path);
                        complete.add(path);
                    }
                    case MODIFIED -> {
                        shelf.writingBegan(path);
                        complete.remove(path);
                    }
                    case CREATED -> {
                        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && !complete.contains(path)) {
                            shelf.writingBegan(path);
                        }
                    }
                    case REMOVED -> {
                        shelf.writingEnded(path);
                        watched.remove(path);
                    }
                    case OVERFLOW -> shelf.forgetWriting();
                }
            }
        }
        return complete;
    }

    private void look(Look reason, Set<Path> complete) {
        boolean changed;
        synchronized (scanning) {
            ManifestTree tree = scanAndWatch();
            ManifestShelf.Update update = shelf.prepare(tree, complete, reason == Look.FIRST);
            // A writer may have begun while the files were read; then what was read may be half a file.
            List<Change> meanwhile =
                    update.isEmpty() || reason == Look.FIRST ? List.of() : watcher.await(Duration.ZERO);
            pending.addAll(meanwhile);
            changed = shelf.commit(update, touched(meanwhile));
            if (changed) {
                current = shelf.merged();
            }
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    /** Directories are watched before they are listed for good, so that no change falls between the two. */
    private ManifestTree scanAndWatch() {
        ManifestTree tree = ManifestTree.scan(roots);
        boolean grown = false;
        for (Path directory : tree.directories()) {
            if (!watched.contains(directory)) {
                try {
                    watcher.watch(directory);
                    watched.add(directory);
                    grown = true;
                } catch (RuntimeException e) {
                    LOG.atWarn()
                            .addKeyValue("directory", directory)
                            .setCause(e)
                            .log("changes are found by looking only");
                }
            }
        }
        watched.retainAll(tree.directories());
        return grown ? ManifestTree.scan(roots) : tree;
    }

    private static Set<Path> touched(List<Change> changes) {
        Set<Path> touched = new HashSet<>();
        for (Change change : changes) {
            if (change.kind() == Kind.MODIFIED || change.kind() == Kind.CREATED) {
                touched.add(change.directory().resolve(change.name()));
            }
        }
        return touched;
    }

    /** Which directories and files are read, in their order. */
    public List<Path> roots() {
        return new ArrayList<>(roots);
    }

    @Override
    public void close() {
        closed = true;
        watcher.close();
        thread.interrupt();
    }
}
