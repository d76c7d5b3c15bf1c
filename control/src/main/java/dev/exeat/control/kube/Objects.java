package dev.exeat.control.kube;

import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.Listing;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Reads objects as requests say. Thread-safe; never waits for the disk. */
final class Objects {
    private final ObjectStore store;

    Objects(ObjectStore store) {
        this.store = store;
    }

    ObjectNode get(KubeRequest request) {
        return shown(request, existing(store, request));
    }

    /** @throws KubeException 404 if there is none */
    static StoredObject existing(ObjectStore store, KubeRequest request) {
        StoreKey key = key(request, request.name());
        try {
            return store.get(key);
        } catch (StoreException e) {
            throw KubeException.of(e, key);
        }
    }

    /** @throws KubeException 403 if the object stands in a file, which alone may change it */
    static void requireNoFile(StoreKey key, ObjectNode object) {
        String place = FileOwned.place(object);
        if (place != null) {
            throw KubeException.readOnly(key, place);
        }
    }

    /**
     * A page of a list.
     *
     * @param objects as the version that is asked for shows them
     * @param next where the list goes on, or empty at its end
     * @param remaining how many there are beyond, or -1 where it is not known
     */
    record Found(long resourceVersion, List<ObjectNode> objects, String next, long remaining) {}

    Found list(KubeRequest request) {
        ListOptions options = ListOptions.of(request);
        Predicate<ObjectNode> selected = Selectors.of(request);
        Listing listing = options.from(store, scope(request));
        List<ObjectNode> objects = new ArrayList<>();
        StoreKey last = null;
        long remaining = 0;
        for (StoredObject object : listing.objects()) {
            if (!request.name().isEmpty() && !object.key().name().equals(request.name())) {
                continue;
            }
            if (!options.isPast(object.key()) || !selected.test(object.body())) {
                continue;
            }
            if (options.limit() > 0 && objects.size() >= options.limit()) {
                remaining++;
                continue;
            }
            objects.add(shown(request, object));
            last = object.key();
        }
        String next = remaining == 0 || last == null ? "" : ListOptions.token(listing.resourceVersion(), last);
        boolean counted = remaining > 0 && !Selectors.selects(request);
        return new Found(listing.resourceVersion(), objects, next, counted ? remaining : -1);
    }

    static Scope scope(KubeRequest request) {
        return new Scope(request.kind().group(), request.kind().plural(), request.namespace());
    }

    static StoreKey key(KubeRequest request, String name) {
        return new StoreKey(request.kind().group(), request.kind().plural(), request.namespace(), name);
    }

    /** As the version that is asked for; versions of a kind differ in their name alone. */
    static ObjectNode shown(KubeRequest request, StoredObject object) {
        String apiVersion = request.kind().apiVersion(request.version());
        if (object.body().path("apiVersion").asString("").equals(apiVersion)) {
            return object.body();
        }
        return object.body().deepCopy().put("apiVersion", apiVersion);
    }
}
