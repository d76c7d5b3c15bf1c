package dev.exeat.control.store;

import dev.exeat.control.store.StoreException.Kind;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final NavigableMap<StoreKey, StoredObject> objects = new TreeMap<>();
    private final Deque<Change> changes = new ArrayDeque<>();
    private final Set<ObjectWatch> watches = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final StoreTables tables;
    private final int kept;
    private long version;

    private ObjectStore(Path path, StoreTables tables, int kept) {
        this.path = path;
        this.tables = tables;
        this.kept = kept;
    }

    private void load() {
        StoreFile opened = StoreFile.open(path, tables);
        try {
            version = opened.version();
            objects.clear();
            opened.objects().forEach(object -> objects.put(object.key(), object));
            changes.clear();
            changes.addAll(opened.changes());
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
            if (asOf < version && asOf < oldest() - 1) {
                throw tooOld(asOf);
            }
            NavigableMap<StoreKey, StoredObject> then = new TreeMap<>();
            list(scope).objects().forEach(object -> then.put(object.key(), object));
            for (Change change : (Iterable<Change>) changes::descendingIterator) {
                StoreKey key = change.object().key();
                if (change.resourceVersion() <= asOf) {
                    break;
                }
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
        return new StoreException(Kind.EXPIRED, "too old resource version: " + asked + " (" + oldest() + ")", null);
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
        lock.writeLock().lock();
        try {
            if (objects.containsKey(key)) {
                throw new StoreException(Kind.EXISTS, key + " already exists", null);
            }
            return write(Change.Type.ADDED, versioned(key, body), null);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Replaces an object.
     *
     * @param expected the version that it must have, or 0 for any
     * @throws StoreException MISSING, CONFLICT or FAILED
     */
    public StoredObject update(StoreKey key, ObjectNode body, long expected) {
        lock.writeLock().lock();
        try {
            return write(Change.Type.MODIFIED, versioned(key, body), expected(key, expected));
        } finally {
            lock.writeLock().unlock();
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
        lock.writeLock().lock();
        try {
            StoredObject previous = expected(key, expected);
            return write(Change.Type.DELETED, versioned(key, previous.body()), previous);
        } finally {
            lock.writeLock().unlock();
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

    private StoredObject versioned(StoreKey key, ObjectNode body) {
        ObjectNode copy = body.deepCopy();
        copy.withObject("/metadata").put("resourceVersion", Long.toString(version + 1));
        return new StoredObject(key, version + 1, copy);
    }

    private StoredObject write(Change.Type type, StoredObject object, @Nullable StoredObject previous) {
        Change change = new Change(type, object, previous);
        file().write(change, changes.size() < kept ? 0 : changes.getFirst().resourceVersion());
        version = object.resourceVersion();
        if (type == Change.Type.DELETED) {
            objects.remove(object.key());
        } else {
            objects.put(object.key(), object);
        }
        changes.addLast(change);
        if (changes.size() > kept) {
            changes.removeFirst();
        }
        watches.forEach(watch -> watch.offer(change));
        listeners.forEach(listener -> listener.accept(change));
        return object;
    }

    /** Calls the listener with each change, in their order, by the writer; it must not block. */
    public void onChange(Consumer<Change> listener) {
        listeners.add(listener);
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
            if (since > version || (since < version && since < oldest() - 1)) {
                throw tooOld(since);
            }
            Collection<Change> past = new ArrayList<>();
            for (Change change : changes) {
                if (change.resourceVersion() > since) {
                    past.add(change);
                }
            }
            ObjectWatch watch = new ObjectWatch(wanted, past, version, watches::remove);
            watches.add(watch);
            return watch;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private long oldest() {
        return changes.isEmpty() ? version + 1 : changes.getFirst().resourceVersion();
    }

    /** Gives the file up to another process: reads go on, writes fail. */
    public void suspend() {
        close();
    }

    /** Takes the file up again, with what another process may have written. Watches begin anew. */
    public void resume() {
        lock.writeLock().lock();
        try {
            load();
            watches.forEach(ObjectWatch::expire);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (file != null) {
                file.close();
                file = null;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
