package dev.exeat.control.kube;

import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Deletes objects; one with finalizers stays until they are done. Thread-safe; waits for the disk. */
final class Deletion {
    private static final List<String> POLICIES = List.of("Foreground", "Background", "Orphan");

    private final ObjectStore store;
    private final Objects objects;
    private final ServerFields fields;

    Deletion(ObjectStore store, Objects objects, InstantSource clock) {
        this.store = store;
        this.objects = objects;
        this.fields = new ServerFields(clock);
    }

    /** @return the answer: the object, or for most kinds that it is gone */
    ObjectNode one(KubeRequest request) {
        JsonNode options = options(request);
        StoredObject current = Objects.existing(store, request);
        Objects.requireNoFile(current.key(), current.body());
        require(request, options.path("preconditions"), current);
        boolean dryRun = request.dryRun() || !options.path("dryRun").isEmpty();
        StoredObject left = dryRun ? null : remove(current);
        if (left != null) {
            return Objects.shown(request, left);
        }
        boolean showsObject =
                List.of("namespaces", "serviceaccounts").contains(request.kind().plural());
        return showsObject ? Objects.shown(request, current) : gone(request, current);
    }

    private static JsonNode options(KubeRequest request) {
        JsonNode options = RequestBody.options(request);
        String policy = options.path("propagationPolicy").asString(request.parameter("propagationPolicy"));
        if (!policy.isEmpty() && !POLICIES.contains(policy)) {
            throw KubeException.invalid(
                    "meta.k8s.io",
                    "DeleteOptions",
                    "",
                    List.of(new KubeException.Cause(
                            "FieldValueNotSupported",
                            "propagationPolicy",
                            "Unsupported value: \"" + policy
                                    + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"")));
        }
        return options;
    }

    private static void require(KubeRequest request, JsonNode preconditions, StoredObject current) {
        String uid = preconditions.path("uid").asString("");
        String known = current.body().at("/metadata/uid").asString("");
        if (!uid.isEmpty() && !uid.equals(known)) {
            throw KubeException.precondition(
                    request.kind(),
                    current.key().name(),
                    "the UID in the precondition (" + uid + ") does not match the UID in record (" + known
                            + "). The object might have been deleted and then recreated");
        }
        String version = preconditions.path("resourceVersion").asString("");
        String now = Long.toString(current.resourceVersion());
        if (!version.isEmpty() && !version.equals(now)) {
            throw KubeException.precondition(
                    request.kind(),
                    current.key().name(),
                    "the ResourceVersion in the precondition (" + version
                            + ") does not match the ResourceVersion in record (" + now
                            + "). The object might have been modified");
        }
    }

    /** @return the object where it stays for its finalizers, or null */
    private @Nullable StoredObject remove(StoredObject current) {
        StoreKey key = current.key();
        if (!current.body().at("/metadata/finalizers").isEmpty()) {
            if (current.body().at("/metadata/deletionTimestamp").isString()) {
                return current;
            }
            return store.update(key, fields.leaving(current.body()), current.resourceVersion());
        }
        forget(key);
        if (key.equals(Namespaces.key(key.name()))) {
            empty(key.name());
        }
        return null;
    }

    /** What lies in a namespace goes with it, but for what stands in files. */
    private void empty(String namespace) {
        for (StoredObject object : store.all().objects()) {
            if (object.key().namespace().equals(namespace) && FileOwned.place(object.body()) == null) {
                forget(object.key());
            }
        }
    }

    /**
     * Deletes those that a request selects.
     *
     * @throws KubeException before any of them is deleted, if one of them may not be or is not as the preconditions say
     */
    Objects.Found all(KubeRequest request) {
        JsonNode options = options(request);
        Objects.Found found = objects.list(request);
        if (!request.dryRun() && options.path("dryRun").isEmpty()) {
            List<StoredObject> doomed = new ArrayList<>();
            for (ObjectNode object : found.objects()) {
                StoredObject current = store.find(key(request, object));
                if (current != null) {
                    Objects.requireNoFile(current.key(), current.body());
                    require(request, options.path("preconditions"), current);
                    doomed.add(current);
                }
            }
            doomed.forEach(this::remove);
        }
        return found;
    }

    private static StoreKey key(KubeRequest request, ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return new StoreKey(
                request.kind().group(),
                request.kind().plural(),
                metadata.path("namespace").asString(""),
                metadata.path("name").asString(""));
    }

    private void forget(StoreKey key) {
        try {
            store.delete(key, 0);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.MISSING) {
                throw KubeException.of(e, key); // Somebody else has deleted it, else it is still there.
            }
        }
    }

    private static ObjectNode gone(KubeRequest request, StoredObject object) {
        ObjectNode status =
                JsonNodeFactory.instance.objectNode().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        ObjectNode details =
                status.put("status", "Success").putObject("details").put("name", request.name());
        if (!request.kind().group().isEmpty()) {
            details.put("group", request.kind().group());
        }
        details.put("kind", request.kind().plural())
                .put("uid", object.body().at("/metadata/uid").asString(""));
        return status;
    }
}
