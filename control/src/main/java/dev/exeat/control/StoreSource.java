package dev.exeat.control;

import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.control.store.Change;
import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.Listing;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects that came through the API, as resources; not those that the store only shows, as they stand in files. An
 * object that did not change stays the same resource.
 */
public final class StoreSource implements ResourceSource {
    /** What the places of problems with the store's objects begin with. */
    public static final String PLACE = "api:";
    /** Groups of what decides on access to the API, and on no connection. */
    private static final String OF_KUBERNETES = ".k8s.io";

    /** What decides on no connection, and changes often: nothing is to be compiled for it. */
    private static final Set<String> OF_WORKLOADS =
            Set.of("/pods", "/services", "/secrets", "/events", "/configmaps", "apps/deployments");

    private static final List<Resource> NOTHING = List.of();

    private final ObjectStore store;
    private final ManifestReader reader = new ManifestReader();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService telling = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("exeat-store").factory());
    private final NavigableMap<StoreKey, Read> known = new TreeMap<>();
    /** Of all that is known, in the order of the keys. */
    private final List<Resource> resources = new ArrayList<>();

    private List<Problem> problems = List.of();
    private ResourceSet latest = ResourceSet.EMPTY;
    private long version = -1;

    private record Read(StoredObject object, List<Resource> resources, List<Problem> problems) {
        @SuppressWarnings("ReferenceEquality") // What was not read again is the same list.
        boolean isSame(Read other) {
            return resources == other.resources() && problems == other.problems();
        }
    }

    /** @param store closed by the caller, after this source */
    public StoreSource(ObjectStore store) {
        this.store = store;
        store.onChange(_ -> tell(telling));
    }

    private void tell(Executor executor) {
        if (!telling.isShutdown()) {
            executor.execute(() -> listeners.forEach(Runnable::run));
        }
    }

    @Override
    public synchronized ResourceSet current() {
        Optional<List<Change>> changes = store.since(version);
        if (changes.isEmpty()) {
            readAll();
        } else if (!changes.get().isEmpty()) {
            boolean same = true;
            for (Change change : changes.get()) {
                same &= take(change);
            }
            version = changes.get().getLast().resourceVersion();
            latest = same
                    ? new ResourceSet(latest.resources(), latest.problems(), version)
                    : new ResourceSet(resources, problems, version);
        }
        return latest;
    }

    private void readAll() {
        Listing listing = store.all();
        Map<StoreKey, Read> before = Map.copyOf(known);
        known.clear();
        listing.objects().parallelStream()
                .filter(StoreSource::decides)
                .map(object -> read(object, before.get(object.key())))
                .toList()
                .forEach(read -> known.put(read.object().key(), read));
        resources.clear();
        known.values().forEach(read -> resources.addAll(read.resources()));
        problems = allProblems();
        version = listing.resourceVersion();
        latest = new ResourceSet(resources, problems, version);
    }

    private List<Problem> allProblems() {
        return known.values().stream().flatMap(read -> read.problems().stream()).toList();
    }

    /** Whether the resources stay the same by it, as where the server has written a status. */
    private boolean take(Change change) {
        StoredObject object = change.object();
        Read before = known.get(object.key());
        Read now = change.type() == Change.Type.DELETED || !decides(object) ? null : read(object, before);
        if (now == null) {
            known.remove(object.key());
        } else {
            known.put(object.key(), now);
        }
        if (now == null ? before == null : before != null && now.isSame(before)) {
            return true;
        }
        replace(object.key(), before == null ? NOTHING : before.resources(), now == null ? NOTHING : now.resources());
        if (hasProblems(before) || hasProblems(now)) {
            problems = allProblems();
        }
        return false;
    }

    private static boolean hasProblems(@Nullable Read read) {
        return read != null && !read.problems().isEmpty();
    }

    /** In the place of the others, for to put all of many thousand together anew takes longer than to compile one. */
    private void replace(StoreKey key, List<Resource> old, List<Resource> fresh) {
        int place = old.isEmpty() ? placeOf(key) : indexOf(old.getFirst());
        resources.subList(place, place + old.size()).clear();
        resources.addAll(place, fresh);
    }

    private int placeOf(StoreKey key) {
        Map.Entry<StoreKey, Read> next = known.higherEntry(key);
        while (next != null && next.getValue().resources().isEmpty()) {
            next = known.higherEntry(next.getKey());
        }
        return next == null
                ? resources.size()
                : indexOf(next.getValue().resources().getFirst());
    }

    @SuppressWarnings("ReferenceEquality") // It is this one that is looked for, and to compare them takes longer.
    private int indexOf(Resource resource) {
        int index = 0;
        while (resources.get(index) != resource) {
            index++;
        }
        return index;
    }

    private static boolean decides(StoredObject object) {
        return !decidesNothing(object.key()) && FileOwned.place(object.body()) == null;
    }

    private static boolean decidesNothing(StoreKey key) {
        return key.group().endsWith(OF_KUBERNETES) || OF_WORKLOADS.contains(key.group() + "/" + key.resource());
    }

    private Read read(StoredObject object, @Nullable Read before) {
        if (before != null && before.object().resourceVersion() == object.resourceVersion()) {
            return before;
        }
        ObjectNode content = content(object);
        if (before != null && content.equals(content(before.object()))) {
            return new Read(object, before.resources(), before.problems());
        }
        ManifestFile file = reader.read(new Place(place(object.key()), 1, 1), content);
        return new Read(object, file.resources(), file.problems());
    }

    /** Without what the server writes, which does not make it another resource. */
    private static ObjectNode content(StoredObject object) {
        ObjectNode content = object.body().deepCopy();
        content.remove("status");
        content.withObject("/metadata").remove(List.of("resourceVersion", "managedFields"));
        return content;
    }

    /** What stands as the file in the places of problems with an object. */
    public static String place(StoreKey key) {
        String group = key.group().isEmpty() ? "" : "." + key.group();
        return PLACE + key.resource() + group + "/" + key.namespace() + "/" + key.name();
    }

    @Override
    public void refresh() {
        current();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        telling.shutdownNow();
    }
}
