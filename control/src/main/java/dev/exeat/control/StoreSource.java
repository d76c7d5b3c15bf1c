package dev.exeat.control;

import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/** The objects that came through the API, as resources. An object that did not change stays the same resource. */
public final class StoreSource implements ResourceSource {
    private final ObjectStore store;
    private final ManifestReader reader = new ManifestReader();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService telling = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("exeat-store").factory());
    private Map<StoreKey, Read> known = Map.of();
    private ResourceSet latest = ResourceSet.EMPTY;
    private long version = -1;

    private record Read(long resourceVersion, List<Resource> resources, List<Problem> problems) {}

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
        var listing = store.all();
        if (listing.resourceVersion() == version) {
            return latest;
        }
        Map<StoreKey, Read> now = new HashMap<>();
        List<Resource> resources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (StoredObject object : listing.objects()) {
            Read before = known.get(object.key());
            Read read = before != null && before.resourceVersion() == object.resourceVersion() ? before : read(object);
            now.put(object.key(), read);
            resources.addAll(read.resources());
            problems.addAll(read.problems());
        }
        known = now;
        version = listing.resourceVersion();
        latest = new ResourceSet(resources, problems, version);
        return latest;
    }

    private Read read(StoredObject object) {
        StoreKey key = object.key();
        String place = "api:" + key.resource() + "/" + key.namespace() + "/" + key.name();
        ManifestFile file = reader.read(place, JsonMapper.shared().writeValueAsBytes(object.body()));
        return new Read(object.resourceVersion(), file.resources(), file.problems());
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
