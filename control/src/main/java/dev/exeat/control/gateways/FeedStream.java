package dev.exeat.control.gateways;

import dev.exeat.control.api.ApiResponse;
import dev.exeat.control.store.Change;
import dev.exeat.control.store.Listing;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.ObjectWatch;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the objects of policies, and then their changes, event by event. What a gateway has no use for is left out:
 * status and who manages which field.
 */
final class FeedStream implements ApiResponse.Stream {
    private static final Set<String> GROUPS =
            Set.of("config.istio.io", "networking.istio.io", "security.istio.io", "exeat.dev");
    private static final Set<String> IDENTITIES = Set.of("namespaces", "serviceaccounts");
    /** Ends by itself, so that tokens are judged again; not for all gateways at once. */
    private static final Duration SHORTEST = Duration.ofMinutes(8);

    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** So soon a gateway hears that versions rose by changes of what it doesn't follow. */
    private static final Duration LOOK = Duration.ofMillis(500);
    /** A gateway takes a longer silence for a dead connection. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final @Nullable Listing first;
    private final ObjectWatch watch;
    private final Runnable onClose;
    private long told;
    private long toldAt;

    private FeedStream(@Nullable Listing first, ObjectWatch watch, long told, Runnable onClose) {
        this.first = first;
        this.watch = watch;
        this.told = told;
        this.onClose = onClose;
    }

    /**
     * @param since after which version to go on, negative to begin with all objects
     * @throws StoreException if that version is too old
     */
    static FeedStream open(ObjectStore store, long since, Runnable onClose) {
        if (since >= 0) {
            return new FeedStream(null, store.watch(FeedStream::isOfPolicy, since), since, onClose);
        }
        Listing all = store.all();
        return new FeedStream(
                all, store.watch(FeedStream::isOfPolicy, all.resourceVersion()), all.resourceVersion(), onClose);
    }

    /** Whether policies are made of objects with such a key; identities have labels that policies select by. */
    private static boolean isOfPolicy(StoreKey key) {
        return GROUPS.contains(key.group()) || (key.group().isEmpty() && IDENTITIES.contains(key.resource()));
    }

    @Override
    public void write(OutputStream out) throws IOException, InterruptedException {
        long life = RandomGenerator.getDefault().nextLong(SHORTEST.toNanos(), LONGEST.toNanos());
        long end = System.nanoTime() + life;
        if (first != null) {
            for (StoredObject object : first.objects()) {
                if (isOfPolicy(object.key())) {
                    event(out, "ADDED", shown(object));
                }
            }
        }
        bookmark(out, told, first != null);
        out.flush();
        while (System.nanoTime() - end < 0) {
            try {
                Change change = watch.next(LOOK);
                while (change != null) {
                    tell(out, change);
                    change = watch.next(Duration.ZERO);
                }
            } catch (StoreException e) {
                expired(out, String.valueOf(e.getMessage()));
                return;
            }
            long silence = System.nanoTime() - toldAt;
            long version = watch.resourceVersion();
            if ((version > told && silence >= LOOK.toNanos()) || silence >= HEARTBEAT.toNanos()) {
                bookmark(out, version, false);
            }
            out.flush();
        }
    }

    private void tell(OutputStream out, Change change) throws IOException {
        ObjectNode object = shown(change.object());
        StoredObject previous = change.previous();
        boolean ofStatusAlone = change.type() == Change.Type.MODIFIED
                && previous != null
                && unversioned(shown(previous)).equals(unversioned(object.deepCopy()));
        if (!ofStatusAlone) {
            event(out, change.type().name(), object);
            told = change.resourceVersion();
        }
    }

    private static ObjectNode shown(StoredObject object) {
        ObjectNode shown = object.body().deepCopy();
        shown.remove("status");
        shown.withObject("/metadata").remove("managedFields");
        return shown;
    }

    private static ObjectNode unversioned(ObjectNode object) {
        object.withObject("/metadata").remove("resourceVersion");
        return object;
    }

    private void bookmark(OutputStream out, long version, boolean initialEnd) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (initialEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        event(out, "BOOKMARK", object);
        told = Math.max(told, version);
    }

    private void expired(OutputStream out, String message) throws IOException {
        event(
                out,
                "ERROR",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kind", "Status")
                        .put("reason", "Expired")
                        .put("code", 410)
                        .put("message", message));
    }

    private void event(OutputStream out, String type, ObjectNode object) throws IOException {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
        event.set("object", object);
        out.write(JsonMapper.shared().writeValueAsBytes(event));
        out.write('\n');
        toldAt = System.nanoTime();
    }

    @Override
    public void close() {
        watch.close();
        onClose.run();
    }
}
