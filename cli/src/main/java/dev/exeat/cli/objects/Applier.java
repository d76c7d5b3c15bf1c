package dev.exeat.cli.objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Brings objects of the server to what is declared, as {@code kubectl apply} does it on the client's side. */
final class Applier {
    static final String MISSING_ANNOTATION = "resource %s is missing the " + LastApplied.ANNOTATION
            + " annotation which is required by exeat apply. exeat apply should only be used on resources created"
            + " declaratively by exeat apply or by kubectl's create --save-config or apply. The missing annotation will"
            + " be patched automatically.";
    /** The same as kubectl's, so that either takes the other's fields for its own. */
    private static final String MANAGER = "kubectl-client-side-apply";

    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final int ATTEMPTS = 5;

    private final ApiClient client;
    private final boolean dryRun;

    Applier(ApiClient client, boolean dryRun) {
        this.client = client;
        this.dryRun = dryRun;
    }

    /** What became of an object. */
    enum Outcome {
        CREATED,
        CONFIGURED,
        UNCHANGED
    }

    /**
     * An object after it was applied.
     *
     * @param unmanaged whether it did not remember what was declared of it
     */
    record Applied(Outcome outcome, ObjectNode object, boolean unmanaged) {}

    /** @throws ObjectException if it cannot be read or written */
    Applied apply(Declared declared) {
        ObjectNode current = current(declared);
        if (current == null) {
            return new Applied(Outcome.CREATED, create(declared, LastApplied.with(declared.object())), false);
        }
        boolean unmanaged = !LastApplied.isIn(current);
        ObjectNode wanted = LastApplied.with(declared.object());
        for (int attempt = 1; ; attempt++) {
            ObjectNode patch = ThreeWayPatch.of(LastApplied.of(current), wanted, current);
            if (patch.isEmpty()) {
                return new Applied(Outcome.UNCHANGED, current, unmanaged);
            }
            try {
                return new Applied(Outcome.CONFIGURED, patch(declared, patch), unmanaged);
            } catch (ObjectException e) {
                if (!e.reason().equals("Conflict") || attempt == ATTEMPTS) {
                    throw e.during(doing(declared, patch));
                }
                current = client.get(declared.path(), ApiClient.JSON);
            }
        }
    }

    /** The object as it would be after it was applied, but for the annotation that remembers it. */
    ObjectNode preview(Declared declared, @Nullable ObjectNode live) {
        if (live == null) {
            return create(declared, declared.object());
        }
        ObjectNode patch = ThreeWayPatch.of(LastApplied.of(live), LastApplied.without(declared.object()), live);
        return patch.isEmpty() ? live : patch(declared, patch);
    }

    @Nullable
    ObjectNode current(Declared declared) {
        return client.find(declared.path());
    }

    private ObjectNode create(Declared declared, ObjectNode object) {
        try {
            return client.send(
                    "POST",
                    declared.kind().path(declared.namespace()) + query().with("fieldValidation", "Strict"),
                    ApiClient.JSON,
                    object);
        } catch (ObjectException e) {
            throw e.during("error when creating \"" + declared.source() + "\"");
        }
    }

    private ObjectNode patch(Declared declared, ObjectNode patch) {
        return client.send("PATCH", declared.path() + query(), MERGE_PATCH, patch);
    }

    private static String doing(Declared declared, ObjectNode patch) {
        ResourceKind kind = declared.kind();
        return "error when applying patch:\n" + ObjectText.compact(patch) + "\nto:\nResource: \"" + kind.apiVersion()
                + ", Resource=" + kind.plural() + "\", GroupVersionKind: \"" + kind.apiVersion() + ", Kind="
                + kind.kind() + "\"\nName: \"" + declared.name() + "\", Namespace: \"" + declared.namespace()
                + "\"\nfor: \"" + declared.source() + "\"";
    }

    private Query query() {
        return new Query().with("dryRun", dryRun ? "All" : "").with("fieldManager", MANAGER);
    }
}
