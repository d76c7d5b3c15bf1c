package dev.exeat.control.mirror;

import dev.exeat.control.Configuration;
import dev.exeat.control.StoreSource;
import dev.exeat.control.access.BindingRules;
import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.kinds.NodeJson;
import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.policy.ResourceChange;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the objects of files that are in force into the store, so that clients of the API and gateways elsewhere see
 * them, and removes those that are in none any more. Where the store has an object of the same name from the API, the
 * file's takes its place. On a thread of its own.
 */
public final class FileMirror implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileMirror.class);
    /** Each write waits for the disk. */
    private static final int AT_ONCE = 500;

    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Configuration configuration;
    private final ObjectStore store;
    private final InstantSource clock;
    private final Map<String, Kind> kinds = new HashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    /** What is in the store as it stands in the file. */
    private Map<StoreKey, Resource> mirrored = Map.of();

    /** What was in force when it was copied last. */
    private List<Resource> lookedAt = List.of();

    private boolean copied;

    private FileMirror(Configuration configuration, ObjectStore store, KindCatalogue catalogue, InstantSource clock) {
        this.configuration = configuration;
        this.store = store;
        this.clock = clock;
        catalogue.all().stream()
                .filter(kind -> kind.verbs().contains("update")) // Not what the server alone makes.
                .forEach(kind -> kinds.put(kind.group() + "/" + kind.name(), kind));
        this.thread = Thread.ofPlatform().daemon().name("exeat-mirror").unstarted(this::run);
    }

    /**
     * When this returns, what is in force now is in the store; changes follow.
     *
     * @param configuration of the files and of the same store
     * @throws StoreException if the store cannot be written
     */
    public static FileMirror start(
            Configuration configuration, ObjectStore store, KindCatalogue catalogue, InstantSource clock) {
        FileMirror mirror = new FileMirror(configuration, store, catalogue, clock);
        configuration.onChange(_ -> mirror.wake.release());
        mirror.copy();
        mirror.thread.start();
        return mirror;
    }

    private void run() {
        try {
            boolean done = true;
            while (true) {
                if (done) {
                    wake.acquire();
                } else {
                    boolean _ = wake.tryAcquire(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                }
                wake.drainPermits();
                done = tryToCopy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tryToCopy() {
        try {
            copy();
            return true;
        } catch (StoreException e) {
            LOG.atDebug().addKeyValue("problem", e.getMessage()).log("the objects of files are not in the store yet");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the objects of files could not be shown by the API");
        }
        return false;
    }

    private void copy() {
        List<Resource> resources = configuration.objects().resources();
        ResourceChange change = ResourceChange.between(lookedAt, resources);
        if (copied && !isOfFiles(change.gone()) && !isOfFiles(change.come())) {
            lookedAt = resources;
            return;
        }
        Map<StoreKey, Resource> now = new HashMap<>();
        for (Resource resource : resources) {
            StoreKey key = isOfFile(resource) ? key(resource.key()) : null;
            if (key != null) {
                now.put(key, resource);
            }
        }
        if (copied && now.equals(mirrored)) {
            lookedAt = resources;
            return;
        }
        Map<StoreKey, ObjectNode> bodies = new LinkedHashMap<>();
        for (Map.Entry<StoreKey, Resource> entry : now.entrySet()) {
            if (!entry.getValue().equals(mirrored.get(entry.getKey()))) {
                ObjectNode body = changed(entry.getKey(), entry.getValue());
                if (body != null) {
                    warn(entry.getKey(), body);
                    bodies.put(entry.getKey(), body);
                }
            }
            if (bodies.size() >= AT_ONCE) {
                store.put(bodies);
                bodies.clear();
            }
        }
        store.put(bodies);
        for (StoredObject object : store.all().objects()) {
            if (!now.containsKey(object.key()) && FileOwned.place(object.body()) != null) {
                remove(object.key());
            }
        }
        mirrored = now;
        lookedAt = resources;
        copied = true;
    }

    private static boolean isOfFiles(List<Resource> resources) {
        return resources.stream().anyMatch(FileMirror::isOfFile);
    }

    private static boolean isOfFile(Resource resource) {
        return !resource.place().file().startsWith(StoreSource.PLACE);
    }

    private static void warn(StoreKey key, ObjectNode body) {
        String why = BindingRules.apply(key.group(), key.resource()) ? BindingRules.why(body) : "";
        if (!why.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("object", key)
                    .addKeyValue("file", FileOwned.place(body))
                    .addKeyValue("problem", why)
                    .log("a binding gives no access to the API");
        }
    }

    private @Nullable StoreKey key(ObjectKey object) {
        Kind kind = kinds.get(object.group() + "/" + object.kind());
        return kind == null
                ? null
                : new StoreKey(kind.group(), kind.plural(), kind.namespaced() ? object.namespace() : "", object.name());
    }

    /** The object as the file has it; null where the store has it so. */
    private @Nullable ObjectNode changed(StoreKey key, Resource resource) {
        StoredObject before = store.find(key);
        ObjectNode next = body(key, resource);
        ObjectNode metadata = next.withObject("/metadata");
        if (before == null) {
            metadata.put("uid", UUID.randomUUID().toString())
                    .put(
                            "creationTimestamp",
                            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("generation", 1);
            return next;
        }
        ObjectNode earlier = before.body();
        for (String field : List.of("uid", "creationTimestamp", "resourceVersion", "generation")) {
            metadata.set(field, earlier.path("metadata").path(field));
        }
        if (earlier.has("status")) {
            next.set("status", earlier.path("status"));
        }
        if (!content(next).equals(content(earlier))) {
            metadata.put("generation", earlier.at("/metadata/generation").asLong(1) + 1);
        }
        return next.equals(earlier) ? null : next;
    }

    private static ObjectNode body(StoreKey key, Resource resource) {
        // Written and read, its numbers are of the same types as those of the store's objects.
        byte[] document = JsonMapper.shared().writeValueAsBytes(NodeJson.of(resource.body()));
        ObjectNode body = (ObjectNode) JsonMapper.shared().readTree(document);
        body.put("apiVersion", resource.apiVersion()).put("kind", resource.key().kind());
        body.remove("status");
        ObjectNode metadata = body.withObject("/metadata").put("name", key.name());
        metadata.remove(List.of("managedFields", "ownerReferences", "finalizers", "deletionTimestamp"));
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        FileOwned.mark(body, resource.place().file() + ":" + resource.place().line());
        return body;
    }

    private static ObjectNode content(ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.remove(List.of("metadata", "status"));
        return content;
    }

    private void remove(StoreKey key) {
        try {
            store.delete(key, 0);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.MISSING) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
