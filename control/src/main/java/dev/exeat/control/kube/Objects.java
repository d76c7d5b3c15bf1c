package dev.exeat.control.kube;

import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.Listing;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes objects as requests say. Thread-safe; writes wait for the disk. */
final class Objects {
    private static final String NAMESPACES = "namespaces";
    private static final int RETRIES = 5;
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    private static final int SUFFIX = 5;

    private final ObjectStore store;
    private final Admission admission;
    private final InstantSource clock;

    Objects(ObjectStore store, Admission admission, InstantSource clock) {
        this.store = store;
        this.admission = admission;
        this.clock = clock;
    }

    /**
     * An object to answer with.
     *
     * @param warnings for people
     */
    record Written(int code, ObjectNode object, List<String> warnings) {}

    ObjectNode get(KubeRequest request) {
        return shown(request, call(request, () -> store.get(key(request, request.name()))));
    }

    /** @param objects as the version that is asked for shows them */
    record Found(long resourceVersion, List<ObjectNode> objects) {}

    Found list(KubeRequest request) {
        Predicate<ObjectNode> selected = Selectors.of(request);
        Listing listing = store.list(scope(request));
        List<ObjectNode> objects = new ArrayList<>();
        for (StoredObject object : listing.objects()) {
            if ((request.name().isEmpty() || object.key().name().equals(request.name()))
                    && selected.test(object.body())) {
                objects.add(shown(request, object));
            }
        }
        return new Found(listing.resourceVersion(), objects);
    }

    static Scope scope(KubeRequest request) {
        return new Scope(request.kind().group(), request.kind().plural(), request.namespace());
    }

    private static StoreKey key(KubeRequest request, String name) {
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

    Written create(KubeRequest request) {
        if (request.kind().namespaced() && request.namespace().isEmpty()) {
            throw KubeException.noSuchMethod();
        }
        ObjectNode object = body(request);
        FileOwned.unmark(object);
        ObjectNode metadata = object.withObject("/metadata");
        if (metadata.path("name").asString("").isEmpty()
                && !metadata.path("generateName").asString("").isEmpty()) {
            metadata.put("name", metadata.path("generateName").asString() + suffix());
        }
        String name = metadata.path("name").asString("");
        metadata.remove(List.of("resourceVersion", "managedFields", "selfLink", "deletionTimestamp"));
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put(
                "creationTimestamp",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (request.version().status()) {
            metadata.put("generation", 1);
            object.remove("status");
        }
        inNamespace(request, metadata);
        List<String> warnings =
                admission.judge(request.kind().group(), request.kind().name(), name, object);
        requireNamespace(request);
        if (request.dryRun()) {
            if (store.find(key(request, name)) != null) {
                throw KubeException.exists(
                        request.kind().group(), request.kind().plural(), name);
            }
            return new Written(201, object, warnings);
        }
        return new Written(
                201, shown(request, call(request, () -> store.create(key(request, name), object))), warnings);
    }

    private static String suffix() {
        return UUID.randomUUID().toString().substring(0, SUFFIX);
    }

    private static void inNamespace(KubeRequest request, ObjectNode metadata) {
        String namespace = metadata.path("namespace").asString("");
        if (!request.kind().namespaced()) {
            metadata.remove("namespace");
        } else if (namespace.isEmpty()) {
            metadata.put("namespace", request.namespace());
        } else if (!namespace.equals(request.namespace())) {
            throw KubeException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the" + " request");
        }
    }

    private void requireNamespace(KubeRequest request) {
        if (request.kind().namespaced() && store.find(new StoreKey("", NAMESPACES, "", request.namespace())) == null) {
            throw KubeException.namespaceMissing(request.namespace());
        }
    }

    Written update(KubeRequest request) {
        ObjectNode object = body(request);
        ObjectNode metadata = object.withObject("/metadata");
        if (!metadata.path("name").asString("").equals(request.name())) {
            throw KubeException.badRequest(
                    "the name of the object (" + metadata.path("name").asString("")
                            + ") does not match the name on the URL (" + request.name() + ")");
        }
        inNamespace(request, metadata);
        return replace(request, version(metadata), current -> object);
    }

    Written patch(KubeRequest request) {
        String type = request.contentType();
        JsonNode patch = json(request);
        return switch (type) {
            case JSON_PATCH -> replace(request, 0, current -> Patches.apply(current, patch));
            case MERGE_PATCH -> merge(request, patch);
            case STRATEGIC_PATCH -> {
                if (!request.kind().group().isEmpty() || patch.toString().contains("\"$")) {
                    throw unsupported();
                }
                yield merge(request, patch);
            }
            default -> throw unsupported();
        };
    }

    private static KubeException unsupported() {
        // Clients put what they sent before it.
        return KubeException.unsupported(
                "the body of the request was in an unknown format - accepted media types include: " + JSON_PATCH + ", "
                        + MERGE_PATCH);
    }

    private Written merge(KubeRequest request, JsonNode patch) {
        if (!(patch instanceof ObjectNode object)) {
            throw KubeException.badRequest("the patch is no object");
        }
        return replace(request, version(object.path("metadata")), current -> Patches.merge(current, object));
    }

    private static long version(JsonNode metadata) {
        String version = metadata.path("resourceVersion").asString("");
        try {
            return version.isEmpty() ? 0 : Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw KubeException.badRequest("metadata.resourceVersion: Invalid value: \"" + version + "\"");
        }
    }

    /** @param expected the version that the object must have, or 0 for any: then another writer is no matter */
    private Written replace(KubeRequest request, long expected, UnaryOperator<ObjectNode> change) {
        for (int attempt = 1; ; attempt++) {
            StoredObject current = call(request, () -> store.get(key(request, request.name())));
            requireNoFile(request, current.body());
            ObjectNode next = next(request, current.body(), change.apply(current.body()));
            FileOwned.unmark(next);
            List<String> warnings =
                    admission.judge(request.kind().group(), request.kind().name(), request.name(), next);
            boolean same = next.equals(current.body());
            if (same && (expected == 0 || expected == current.resourceVersion())) {
                return new Written(200, shown(request, current), warnings);
            }
            long known = expected == 0 ? current.resourceVersion() : expected;
            if (request.dryRun()) {
                return new Written(200, next, warnings);
            }
            try {
                StoredObject written = store.update(key(request, request.name()), next, known);
                return new Written(200, shown(request, written), warnings);
            } catch (StoreException e) {
                boolean again = e.kind() == StoreException.Kind.CONFLICT && expected == 0 && attempt < RETRIES;
                if (!again) {
                    throw refusal(e, request, request.name());
                }
            }
        }
    }

    /** What the server alone says stays as it was; {@code status} is written by its subresource alone. */
    private static ObjectNode next(KubeRequest request, ObjectNode current, ObjectNode proposed) {
        ObjectNode next = proposed.deepCopy();
        boolean ofStatus = request.subresource().equals("status");
        if (ofStatus) {
            JsonNode status = next.path("status");
            next = current.deepCopy();
            if (status.isObject()) {
                next.set("status", status);
            }
            return next;
        }
        next.put("apiVersion", current.path("apiVersion").asString(""))
                .put("kind", request.kind().name());
        ObjectNode metadata = next.withObject("/metadata");
        metadata.remove("managedFields");
        for (String field : List.of("name", "namespace", "uid", "creationTimestamp", "resourceVersion", "generation")) {
            JsonNode kept = current.path("metadata").path(field);
            if (kept.isMissingNode()) {
                metadata.remove(field);
            } else {
                metadata.set(field, kept);
            }
        }
        if (request.version().status()) {
            next.remove("status");
            if (current.has("status")) {
                next.set("status", current.path("status"));
            }
            if (!contentOf(next).equals(contentOf(current))) {
                metadata.put("generation", current.at("/metadata/generation").asLong(0) + 1);
            }
        }
        return next;
    }

    private static ObjectNode contentOf(ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.remove(List.of("metadata", "status"));
        return content;
    }

    /** @return what was deleted */
    ObjectNode delete(KubeRequest request) {
        JsonNode options = request.body().length == 0 ? JsonMapper.shared().createObjectNode() : json(request);
        StoredObject current = call(request, () -> store.get(key(request, request.name())));
        requireNoFile(request, current.body());
        String uid = options.at("/preconditions/uid").asString("");
        long expected = version(options.path("preconditions"));
        if (!uid.isEmpty() && !uid.equals(current.body().at("/metadata/uid").asString(""))) {
            throw KubeException.conflict(request.kind().group(), request.kind().plural(), request.name());
        }
        boolean dryRun = request.dryRun() || !options.path("dryRun").isEmpty();
        if (!dryRun) {
            call(request, () -> store.delete(key(request, request.name()), expected));
            if (request.kind().plural().equals(NAMESPACES)) {
                empty(request.name());
            }
        }
        return shown(request, current);
    }

    private static void requireNoFile(KubeRequest request, ObjectNode object) {
        String place = FileOwned.place(object);
        if (place != null) {
            throw KubeException.readOnly(
                    request.kind().group(),
                    request.kind().plural(),
                    object.at("/metadata/name").asString(""),
                    place);
        }
    }

    /** What lies in a namespace goes with it, but for what stands in files. */
    private void empty(String namespace) {
        for (StoredObject object : store.all().objects()) {
            if (object.key().namespace().equals(namespace) && FileOwned.place(object.body()) == null) {
                forget(object.key());
            }
        }
    }

    Found deleteAll(KubeRequest request) {
        Found found = list(request);
        found.objects().forEach(object -> requireNoFile(request, object));
        if (!request.dryRun()) {
            for (ObjectNode object : found.objects()) {
                JsonNode metadata = object.path("metadata");
                forget(new StoreKey(
                        request.kind().group(),
                        request.kind().plural(),
                        metadata.path("namespace").asString(""),
                        metadata.path("name").asString("")));
            }
        }
        return found;
    }

    private void forget(StoreKey key) {
        try {
            store.delete(key, 0);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.MISSING) {
                throw e; // Somebody else has deleted it, else it is still there.
            }
        }
    }

    private ObjectNode body(KubeRequest request) {
        if (!(json(request) instanceof ObjectNode object)) {
            throw KubeException.badRequest("the body of the request is no object");
        }
        String apiVersion = object.path("apiVersion").asString("");
        String kind = object.path("kind").asString("");
        String expected = request.kind().apiVersion(request.version());
        if (!apiVersion.equals(expected) || !kind.equals(request.kind().name())) {
            throw KubeException.badRequest("the API version in the data (" + apiVersion + ") or its kind (" + kind
                    + ") does not match the expected " + expected + ", Kind="
                    + request.kind().name());
        }
        return object;
    }

    private static JsonNode json(KubeRequest request) {
        try {
            if (ProtobufBody.is(request.body())) {
                return ProtobufBody.read(request.body());
            }
            return JsonMapper.shared().readTree(request.body());
        } catch (JacksonException e) {
            throw KubeException.badRequest("the body of the request cannot be read: " + e.getOriginalMessage());
        }
    }

    private interface Call {
        StoredObject run();
    }

    private static StoredObject call(KubeRequest request, Call call) {
        try {
            return call.run();
        } catch (StoreException e) {
            throw refusal(e, request, request.name());
        }
    }

    private static KubeException refusal(StoreException e, KubeRequest request, String name) {
        return KubeException.of(e, request.kind().group(), request.kind().plural(), name);
    }
}
