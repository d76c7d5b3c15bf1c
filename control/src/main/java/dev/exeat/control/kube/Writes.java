package dev.exeat.control.kube;

import dev.exeat.control.kube.fields.ApplyConflictException;
import dev.exeat.control.kube.fields.Author;
import dev.exeat.control.kube.fields.FieldOwners;
import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Creates and changes objects as requests say. Thread-safe; waits for the disk. */
final class Writes {
    static final String APPLY_PATCH = "application/apply-patch+yaml";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    private static final int RETRIES = 5;

    private final ObjectStore store;
    private final Admission admission;
    private final FieldOwners owners;
    private final ServerFields fields;

    Writes(ObjectStore store, Admission admission, InstantSource clock) {
        this.store = store;
        this.admission = admission;
        this.owners = new FieldOwners(clock);
        this.fields = new ServerFields(clock);
    }

    /**
     * An object to answer with.
     *
     * @param warnings for people
     */
    record Written(int code, ObjectNode object, List<String> warnings) {
        static Written created(ObjectNode object) {
            return new Written(201, object, List.of());
        }
    }

    /** A proposed object with what the caller is to be warned of. */
    private record Proposal(ObjectNode object, List<String> warnings) {}

    Written create(KubeRequest request) {
        if (request.kind().namespaced() && request.namespace().isEmpty()) {
            throw KubeException.noSuchMethod();
        }
        WriteOptions options = WriteOptions.of(request);
        ObjectNode object = RequestBody.object(request);
        List<String> warnings =
                new ArrayList<>(admission.decode(request, object, options, DuplicateFields.of(request.body())));
        return begin(request, options, object, warnings, false);
    }

    private Written begin(
            KubeRequest request, WriteOptions options, ObjectNode object, List<String> warnings, boolean owned) {
        FileOwned.unmark(object);
        inNamespace(request, object.withObject("/metadata"));
        requireNamespace(request);
        fields.begin(request, object);
        if (!owned) {
            ObjectNode empty = JsonMapper.shared().createObjectNode();
            object.withObject("/metadata").remove("managedFields");
            owners.update(request.version().schema(), empty, object, options.author(request));
        }
        warnings.addAll(admission.judge(request, object));
        admission.judgeBinding(request, object, null);
        StoreKey key = Objects.key(request, object.at("/metadata/name").asString(""));
        if (options.dryRun()) {
            if (store.find(key) != null) {
                throw KubeException.exists(key);
            }
            return new Written(201, object, warnings);
        }
        try {
            return new Written(201, Objects.shown(request, store.create(key, object)), warnings);
        } catch (StoreException e) {
            throw KubeException.of(e, key);
        }
    }

    private static void inNamespace(KubeRequest request, ObjectNode metadata) {
        String namespace = metadata.path("namespace").asString("");
        if (!request.kind().namespaced()) {
            metadata.remove("namespace");
        } else if (namespace.isEmpty()) {
            metadata.put("namespace", request.namespace());
        } else if (!namespace.equals(request.namespace())) {
            throw KubeException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private void requireNamespace(KubeRequest request) {
        if (request.kind().namespaced() && store.find(Namespaces.key(request.namespace())) == null) {
            throw KubeException.namespaceMissing(request.namespace());
        }
    }

    Written update(KubeRequest request) {
        WriteOptions options = WriteOptions.of(request);
        ObjectNode object = RequestBody.object(request);
        List<String> warnings = admission.decode(request, object, options, DuplicateFields.of(request.body()));
        ObjectNode metadata = object.withObject("/metadata");
        requireSameName(request, metadata);
        inNamespace(request, metadata);
        long expected = version(metadata);
        if (expected == 0 && !request.kind().group().isEmpty()) {
            Objects.existing(store, request);
            throw KubeException.invalid(
                    request.kind().group(),
                    request.kind().plural(),
                    request.name(),
                    List.of(new KubeException.Cause(
                            "FieldValueInvalid",
                            "metadata.resourceVersion",
                            "Invalid value: 0: must be specified for an update")));
        }
        return replace(request, options, expected, _ -> new Proposal(object, warnings));
    }

    private static void requireSameName(KubeRequest request, JsonNode metadata) {
        String name = metadata.path("name").asString("");
        if (!name.equals(request.name())) {
            throw KubeException.badRequest("the name of the object (" + name + ") does not match the name on the URL ("
                    + request.name() + ")");
        }
    }

    Written patch(KubeRequest request) {
        boolean custom = request.version().isCustom();
        return switch (request.contentType()) {
            case JSON_PATCH -> {
                JsonNode patch = RequestBody.patch(request);
                yield patched(request, 0, current -> Patches.apply(current, patch));
            }
            case MERGE_PATCH -> {
                ObjectNode patch = mergePatch(request);
                yield patched(request, version(patch.path("metadata")), current -> Patches.merge(current, patch));
            }
            case STRATEGIC_PATCH -> {
                if (custom) {
                    throw unsupported(true);
                }
                ObjectNode patch = mergePatch(request);
                yield patched(
                        request,
                        version(patch.path("metadata")),
                        current -> StrategicMerge.merge(request.version().schema(), current, patch));
            }
            case APPLY_PATCH -> apply(request);
            default -> throw unsupported(custom);
        };
    }

    /** Writes how many replicas of a deployment there are to be; the answer is its scale. */
    Written scale(KubeRequest request) {
        JsonNode change = RequestBody.patch(request);
        Written written = patched(request, 0, current -> Scale.changed(current, change));
        return new Written(written.code(), Scale.of(written.object()), List.of());
    }

    private static KubeException unsupported(boolean custom) {
        // Clients put what they sent before it.
        return KubeException.unsupported(
                "the body of the request was in an unknown format - accepted media types include: " + JSON_PATCH + ", "
                        + MERGE_PATCH + ", " + (custom ? "" : STRATEGIC_PATCH + ", ") + APPLY_PATCH);
    }

    private static ObjectNode mergePatch(KubeRequest request) {
        if (RequestBody.patch(request) instanceof ObjectNode patch) {
            return patch;
        }
        throw KubeException.badRequest(
                "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
    }

    private Written patched(KubeRequest request, long expected, Function<ObjectNode, ObjectNode> change) {
        WriteOptions options = WriteOptions.of(request);
        return replace(request, options, expected, current -> {
            ObjectNode proposed = change.apply(current);
            requireSameName(request, proposed.path("metadata"));
            String kind = proposed.path("kind").asString("");
            if (!kind.equals(request.kind().name())) {
                throw RequestBody.wrongKind(request, proposed, kind);
            }
            return new Proposal(proposed, admission.decode(request, proposed, options, List.of()));
        });
    }

    private Written apply(KubeRequest request) {
        WriteOptions options = WriteOptions.of(request);
        if (!(RequestBody.patch(request) instanceof ObjectNode applied)
                || !applied.path("kind").isString()) {
            throw KubeException.badRequest("invalid object type: /, Kind=");
        }
        admission.requireApplicable(request, applied);
        ObjectNode metadata = applied.withObject("/metadata");
        requireSameName(request, metadata);
        if (metadata.path("managedFields").size() > 0) {
            throw KubeException.badRequest("metadata.managedFields must be nil");
        }
        inNamespace(request, metadata);
        Author author = options.author(request);
        if (store.find(Objects.key(request, request.name())) == null) {
            if (!request.subresource().isEmpty() || version(metadata) != 0) {
                throw KubeException.missing(Objects.key(request, request.name()));
            }
            ObjectNode bare = JsonMapper.shared().createObjectNode();
            bare.put("apiVersion", author.apiVersion())
                    .put("kind", request.kind().name());
            bare.putObject("metadata").put("name", request.name());
            ObjectNode created = owners.apply(request.version().schema(), bare, applied, author, options.force());
            return begin(request, options, created, new ArrayList<>(), true);
        }
        return replaceWith(request, options, version(metadata), current -> {
            try {
                return new Proposal(
                        owners.apply(request.version().schema(), current, applied, author, options.force()), List.of());
            } catch (ApplyConflictException e) {
                throw KubeException.applyConflict(e);
            }
        });
    }

    private static long version(JsonNode metadata) {
        String version = metadata.path("resourceVersion").asString("");
        try {
            return version.isEmpty() ? 0 : Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw KubeException.badRequest("metadata.resourceVersion: Invalid value: \"" + version + "\"");
        }
    }

    private Written replace(
            KubeRequest request, WriteOptions options, long expected, Function<ObjectNode, Proposal> change) {
        return replaceWith(request, options, expected, current -> {
            Proposal proposal = change.apply(current);
            ObjectNode next = ServerFields.next(request, current, proposal.object());
            owners.update(request.version().schema(), current, next, options.author(request));
            return new Proposal(next, proposal.warnings());
        });
    }

    /** @param expected the version that the object must have, or 0 for any: then another writer is no matter */
    private Written replaceWith(
            KubeRequest request, WriteOptions options, long expected, Function<ObjectNode, Proposal> change) {
        StoreKey key = Objects.key(request, request.name());
        for (int attempt = 1; ; attempt++) {
            StoredObject current = Objects.existing(store, request);
            Objects.requireNoFile(key, current.body());
            Proposal proposal = change.apply(current.body().deepCopy());
            ObjectNode next = ServerFields.next(request, current.body(), proposal.object());
            FileOwned.unmark(next);
            List<String> warnings = new ArrayList<>(proposal.warnings());
            warnings.addAll(admission.judge(request, next));
            admission.judgeBinding(request, next, current.body());
            admission.requireAllowed(request, current.body(), next);
            boolean same = next.equals(current.body());
            if (same && (expected == 0 || expected == current.resourceVersion())) {
                return new Written(200, Objects.shown(request, current), warnings);
            }
            if (options.dryRun()) {
                return new Written(200, next, warnings);
            }
            try {
                long known = expected == 0 ? current.resourceVersion() : expected;
                return new Written(200, Objects.shown(request, written(key, next, known)), warnings);
            } catch (StoreException e) {
                boolean again = e.kind() == StoreException.Kind.CONFLICT && expected == 0 && attempt < RETRIES;
                if (!again) {
                    throw KubeException.of(e, key);
                }
            }
        }
    }

    /** One that is on its way out is gone with its last finalizer. */
    private StoredObject written(StoreKey key, ObjectNode next, long known) {
        boolean leaving = next.at("/metadata/deletionTimestamp").isString();
        boolean done = next.at("/metadata/finalizers").isEmpty();
        return leaving && done ? store.delete(key, known) : store.update(key, next, known);
    }
}
