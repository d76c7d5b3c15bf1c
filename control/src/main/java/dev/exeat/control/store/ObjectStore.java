package dev.exeat.control.store;

import dev.exeat.control.store.StoreException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects with one rising version. A write that returned is kept through a crash; one that threw changed nothing.
 * Reads come from memory and never wait for the disk. The last {@value #KEPT} changes are kept, for watches to go on
 * from, also after a restart. Thread-safe.
 */
public final class ObjectStore implements AutoCloseable {
    /** Its name in a data directory. */
    public static final String FILE = "store.db";

    static final int KEPT = 10_000;
    private static final char AFTER = '\u0001';

    private final Path path;
    private @Nullable StoreFile file;
    /** Held by the one who writes, while the disk works too; readers do not wait for it. */
    private final ReentrantLock writing = new ReentrantLock();
    /** Of what is in memory. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private final NavigableMap<StoreKey, StoredObject> objects = new TreeMap<>();
    private final KeptChanges changes;
    private final Set<ObjectWatch> watches = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final StoreTables tables;
    private long version;

    private ObjectStore(Path path, StoreTables tables, int kept) {
        this.path = path;
        this.tables = tables;
        this.changes = new KeptChanges(kept);
    }

    private void load() {
        StoreFile opened = StoreFile.open(path, tables);
        try {
            version = opened.version();
            objects.clear();
            opened.objects().forEach(object -> objects.put(object.key(), object));
            changes.replace(opened.changes(objects));
            file = opened;
        } catch (StoreException e) {
            opened.close();
            throw e;
        }
    }

    private StoreFile file() {
        if (file == null) {
            throw new StoreException(
                    Kind.FAILED,
                    "the store is handed over to the process that takes this one's place; try again",
                    null);
        }
        return file;
    }

    /**
     * Opens the store in a file, which is made where there is none.
     *
     * @throws StoreException FAILED if it cannot be opened; the message says what to do
     */
    public static ObjectStore open(Path file) {
        return open(file, KEPT);
    }

    /** @param kept how many changes are kept */
    static ObjectStore open(Path file, int kept) {
        return open(file, StoreTables.CURRENT, kept);
    }

    static ObjectStore open(Path file, StoreTables tables, int kept) {
        ObjectStore store = new ObjectStore(file, tables, kept);
        store.load();
        return store;
    }

    /** The version of the last write. */
    public long resourceVersion() {
        lock.readLock().lock();
        try {
            return version;
        } finally {
            lock.readLock().unlock();
        }
    }

    public @Nullable StoredObject find(StoreKey key) {
        lock.readLock().lock();
        try {
            return objects.get(key);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** @throws StoreException MISSING if there is none */
    public StoredObject get(StoreKey key) {
        StoredObject object = find(key);
        if (object == null) {
            throw missing(key);
        }
        return object;
    }

    public Listing list(Scope scope) {
        lock.readLock().lock();
        try {
            StoreKey first = new StoreKey(scope.group(), scope.resource(), scope.namespace(), "");
            StoreKey end = scope.namespace().isEmpty()
                    ? new StoreKey(scope.group(), scope.resource() + AFTER, "", "")
                    : new StoreKey(scope.group(), scope.resource(), scope.namespace() + AFTER, "");
            return new Listing(version, List.copyOf(objects.subMap(first, end).values()));
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * The objects of a scope as they were at a version.
     *
     * @throws StoreException EXPIRED if the changes since are not kept any more
     */
    public Listing list(Scope scope, long asOf) {
        lock.readLock().lock();
        try {
            List<Change> since = changes.since(Math.min(asOf, version), version).orElseThrow(() -> tooOld(asOf));
            NavigableMap<StoreKey, StoredObject> then = new TreeMap<>();
            list(scope).objects().forEach(object -> then.put(object.key(), object));
            for (Change change : since.reversed()) {
                StoreKey key = change.object().key();
                if (scope.covers(key)) {
                    StoredObject previous = change.previous();
                    if (previous == null) {
                        then.remove(key);
                    } else {
                        then.put(key, previous);
                    }
                }
            }
            return new Listing(asOf, List.copyOf(then.values()));
        } finally {
            lock.readLock().unlock();
        }
    }

    private StoreException tooOld(long asked) {
        return new StoreException(
                Kind.EXPIRED, "too old resource version: " + asked + " (" + changes.oldest(version) + ")", null);
    }

    /** Everything. */
    public Listing all() {
        lock.readLock().lock();
        try {
            return new Listing(version, List.copyOf(objects.values()));
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Adds an object; the store sets its {@code metadata.resourceVersion}.
     *
     * @throws StoreException EXISTS if there is one, FAILED if it cannot be written
     */
    public StoredObject create(StoreKey key, ObjectNode body) {
        writing.lock();
        try {
            if (objects.containsKey(key)) {
                throw new StoreException(Kind.EXISTS, key + " already exists", null);
            }
            return write(new Change(Change.Type.ADDED, StoredObject.written(key, body, version + 1), null));
        } finally {
            writing.unlock();
        }
    }

    /**
     * Replaces an object.
     *
     * @param expected the version that it must have, or 0 for any
     * @throws StoreException MISSING, CONFLICT or FAILED
     */
    public StoredObject update(StoreKey key, ObjectNode body, long expected) {
        writing.lock();
        try {
            StoredObject previous = expected(key, expected);
            return write(new Change(Change.Type.MODIFIED, StoredObject.written(key, body, version + 1), previous));
        } finally {
            writing.unlock();
        }
    }

    /**
     * Adds objects or replaces them, whatever version they have, all at once.
     *
     * @throws StoreException FAILED, and nothing was changed
     */
    public void put(Map<StoreKey, ObjectNode> bodies) {
        writing.lock();
        try {
            List<Change> all = new ArrayList<>();
            bodies.forEach((key, body) -> {
                StoredObject previous = objects.get(key);
                Change.Type type = previous == null ? Change.Type.ADDED : Change.Type.MODIFIED;
                all.add(new Change(type, StoredObject.written(key, body, version + 1 + all.size()), previous));
            });
            write(all);
        } finally {
            writing.unlock();
        }
    }

    /** What is to take the place of an object as it was. */
    public record Replacement(StoredObject was, ObjectNode body) {}

    /**
     * Replaces objects that still are what they were, all at once; those that are not, are left as they are.
     *
     * @param replacements no two of one key
     * @return the new versions of those that were replaced
     * @throws StoreException FAILED, and nothing was changed
     */
    public Map<StoreKey, StoredObject> updateUnchanged(List<Replacement> replacements) {
        writing.lock();
        try {
            Map<StoreKey, StoredObject> replaced = new LinkedHashMap<>();
            List<Change> all = new ArrayList<>();
            for (Replacement replacement : replacements) {
                StoreKey key = replacement.was().key();
                StoredObject current = objects.get(key);
                if (current != null
                        && current.resourceVersion() == replacement.was().resourceVersion()) {
                    StoredObject next = StoredObject.written(key, replacement.body(), version + 1 + all.size());
                    all.add(new Change(Change.Type.MODIFIED, next, current));
                    replaced.put(key, next);
                }
            }
            write(all);
            return replaced;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Removes an object.
     *
     * @param expected the version that it must have, or 0 for any
     * @return what it was, with the version of the deletion
     * @throws StoreException MISSING, CONFLICT or FAILED
     */
    public StoredObject delete(StoreKey key, long expected) {
        writing.lock();
        try {
            StoredObject previous = expected(key, expected);
            return write(
                    new Change(Change.Type.DELETED, StoredObject.written(key, previous.body(), version + 1), previous));
        } finally {
            writing.unlock();
        }
    }

    private StoredObject expected(StoreKey key, long expected) {
        StoredObject current = objects.get(key);
        if (current == null) {
            throw missing(key);
        }
        if (expected != 0 && current.resourceVersion() != expected) {
            throw new StoreException(
                    Kind.CONFLICT,
                    "Operation cannot be fulfilled on " + key
                            + ": the object has been modified; please apply your changes to the latest version and try again",
                    null);
        }
        return current;
    }

    private static StoreException missing(StoreKey key) {
        return new StoreException(Kind.MISSING, key + " not found", null);
    }

    private StoredObject write(Change change) {
        write(List.of(change));
        return change.object();
    }

    /** On the disk first, then for all to see. */
    private void write(List<Change> all) {
        if (all.isEmpty()) {
            return;
        }
        file().write(all, changes.forgottenWith(all));
        lock.writeLock().lock();
        try {
            all.forEach(this::apply);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void apply(Change change) {
        StoredObject object = change.object();
        version = object.resourceVersion();
        if (change.type() == Change.Type.DELETED) {
            objects.remove(object.key());
        } else {
            objects.put(object.key(), object);
        }
        changes.add(change);
        watches.forEach(watch -> watch.offer(change));
        listeners.forEach(listener -> listener.accept(change));
    }

    /** Calls the listener with each change, in their order, by the writer; it must not block. */
    public void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    /**
     * The changes after a version that have happened, in their order; nothing where they are not kept any more.
     *
     * @param since a version that the store had, or less than nothing for none
     */
    public Optional<List<Change>> since(long since) {
        lock.readLock().lock();
        try {
            return changes.since(since, version);
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * The changes after a version. The caller closes the watch.
     *
     * @throws StoreException EXPIRED if they are not kept any more
     */
    public ObjectWatch watch(Scope scope, long since) {
        return watch(scope::covers, since);
    }

    /** As {@link #watch(Scope, long)}, of all objects whose key is wanted. */
    public ObjectWatch watch(Predicate<StoreKey> wanted, long since) {
        lock.writeLock().lock();
        try {
            List<Change> past = since(since).orElseThrow(() -> tooOld(since));
            ObjectWatch watch = new ObjectWatch(wanted, past, version, watches::remove);
            watches.add(watch);
            return watch;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes the file up again, with what another process may have written. Watches begin anew. */
    public void resume() {
        writing.lock();
        lock.writeLock().lock();
        try {
            load();
            watches.forEach(ObjectWatch::expire);
        } finally {
            lock.writeLock().unlock();
            writing.unlock();
        }
    }

    /** Gives the file up, as to another process: reads go on, writes fail. */
    @Override
    public void close() {
        writing.lock();
        try {
            if (file != null) {
                file.close();
                file = null;
            }
        } finally {
            writing.unlock();
        }
    }
}
