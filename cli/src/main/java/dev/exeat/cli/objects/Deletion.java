package dev.exeat.cli.objects;

import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Deletes objects, and waits until they are gone. */
final class Deletion {
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final ApiClient client;
    private final DryRun dryRun;

    Deletion(ApiClient client, DryRun dryRun) {
        this.client = client;
        this.dryRun = dryRun;
    }

    /** @throws ObjectException if there is none, or the server refuses */
    void delete(ResourceKind kind, String namespace, String name) {
        String path = kind.path(namespace, name);
        ObjectNode options = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "DeleteOptions")
                .put("apiVersion", "v1")
                .put("propagationPolicy", "Background");
        if (dryRun == DryRun.SERVER) {
            options.putArray("dryRun").add("All");
        }
        ObjectNode answer = client.send("DELETE", path, ApiClient.JSON, options);
        if (dryRun == DryRun.NONE) {
            String uid = answer.at("/details/uid")
                    .asString(answer.at("/metadata/uid").asString(""));
            awaitGone(path, uid);
        }
    }

    /** A finalizer may keep it. Another object of that name is another's. */
    private void awaitGone(String path, String uid) {
        long pause = FIRST_PAUSE_MILLIS;
        for (ObjectNode left = client.find(path); left != null; left = client.find(path)) {
            if (!uid.isEmpty() && !left.at("/metadata/uid").asString("").equals(uid)) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ObjectException.of("interrupted");
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }
}
