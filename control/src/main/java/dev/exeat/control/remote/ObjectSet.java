package dev.exeat.control.remote;

import dev.exeat.control.ResourceSet;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects up to a version. Not thread-safe. */
final class ObjectSet {
    static final int MOST = 1_000_000;
    static final long MOST_OCTETS = 512L * 1024 * 1024;

    private final Map<RemoteObject.Key, RemoteObject> objects = new TreeMap<>();
    private final String history;
    private long version;
    private long octets;

    /** @param history of which the versions are */
    ObjectSet(String history, long version) {
        this.history = history;
        this.version = version;
    }

    String history() {
        return history;
    }

    long version() {
        return version;
    }

    /** @throws FeedException if there are too many */
    void put(RemoteObject object) {
        RemoteObject before = objects.put(object.key(), object);
        octets += object.json().length - (before == null ? 0 : before.json().length);
        if (objects.size() > MOST || octets > MOST_OCTETS) {
            throw new FeedException(FeedException.Kind.AWAY, "the server has more objects than a gateway takes", null);
        }
    }

    /** @return whether there was one */
    boolean remove(RemoteObject.Key key) {
        RemoteObject before = objects.remove(key);
        octets -= before == null ? 0 : before.json().length;
        return before != null;
    }

    void reached(long latest) {
        version = latest;
    }

    /** What says the same stays the same object, so that it is not compiled again. */
    void keepEqualOf(ObjectSet earlier) {
        objects.replaceAll((key, object) -> {
            RemoteObject before = earlier.objects.get(key);
            return before != null && before.says(object) ? before : object;
        });
    }

    /** Whether it has nothing but namespaces. */
    boolean isEmpty() {
        return objects.values().stream().allMatch(RemoteObject::isNamespace);
    }

    Collection<RemoteObject> objects() {
        return objects.values();
    }

    ResourceSet resources() {
        List<Resource> resources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (RemoteObject object : objects.values()) {
            resources.addAll(object.read().resources());
            problems.addAll(object.read().problems());
        }
        return new ResourceSet(resources, problems, version);
    }
}
