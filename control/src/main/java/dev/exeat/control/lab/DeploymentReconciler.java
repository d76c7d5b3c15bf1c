package dev.exeat.control.lab;

import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Gives each deployment the pods that it asks for, and says how far it is. Looks at all there is, each time. */
final class DeploymentReconciler {
    static final int MOST_PODS = 200;
    private static final Scope PODS = new Scope("", "pods", "");
    private static final Scope DEPLOYMENTS = new Scope("apps", "deployments", "");

    private final ObjectStore store;
    private final InstantSource clock;

    DeploymentReconciler(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void reconcile() {
        List<StoredObject> pods = store.list(PODS).objects();
        Set<String> owners = new HashSet<>();
        int room = MOST_PODS - pods.size();
        for (StoredObject deployment : store.list(DEPLOYMENTS).objects()) {
            owners.add(PodObjects.uid(deployment.body()));
            room -= one(deployment, pods, room);
        }
        for (StoredObject pod : pods) {
            String owner = PodObjects.ownerUid(pod.body());
            if (!owner.isEmpty() && !owners.contains(owner)) {
                delete(pod);
            }
        }
    }

    /** @return how many pods were made */
    private int one(StoredObject deployment, List<StoredObject> pods, int room) {
        ObjectNode body = deployment.body();
        String hash = PodObjects.hash(body.at("/spec/template"));
        List<StoredObject> current = new ArrayList<>();
        List<StoredObject> old = new ArrayList<>();
        for (StoredObject pod : pods) {
            if (PodObjects.ownerUid(pod.body()).equals(PodObjects.uid(body))) {
                boolean latest = pod.body()
                        .path("metadata")
                        .path("labels")
                        .path(PodObjects.HASH)
                        .asString("")
                        .equals(hash);
                (latest ? current : old).add(pod);
            }
        }
        int desired = Math.max(0, body.at("/spec/replicas").asInt(1));
        String failure = failure(body, desired - current.size(), room);
        int made = 0;
        while (failure.isEmpty() && current.size() < desired) {
            ObjectNode pod = PodObjects.of(body, hash, clock.instant());
            current.add(store.create(PodObjects.key(pod), pod));
            made++;
        }
        current.sort(Comparator.comparing((StoredObject pod) -> !PodObjects.isReady(pod.body()))
                .thenComparingLong(StoredObject::resourceVersion));
        while (current.size() > desired) {
            delete(current.removeLast());
        }
        if (ready(current) >= desired) {
            old.forEach(this::delete);
            old.clear();
        }
        say(deployment, desired, current, old, failure);
        return made;
    }

    private String failure(ObjectNode deployment, int missing, int room) {
        String namespace = deployment.at("/metadata/namespace").asString("");
        String account = PodObjects.account(deployment.at("/spec/template/spec"));
        if (store.find(new StoreKey("", "serviceaccounts", namespace, account)) == null) {
            return "error looking up service account " + namespace + "/" + account + ": serviceaccount \"" + account
                    + "\" not found";
        }
        return missing > room ? "the lab runs at most " + MOST_PODS + " pods" : "";
    }

    private static long ready(List<StoredObject> pods) {
        return pods.stream().filter(pod -> PodObjects.isReady(pod.body())).count();
    }

    private void delete(StoredObject pod) {
        try {
            store.delete(pod.key(), 0);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.MISSING) {
                throw e;
            }
        }
    }

    private void say(
            StoredObject deployment, int desired, List<StoredObject> current, List<StoredObject> old, String failure) {
        ObjectNode body = deployment.body();
        long ready = ready(current) + ready(old);
        ObjectNode status = JsonNodeFactory.instance
                .objectNode()
                .put("observedGeneration", body.at("/metadata/generation").asLong(1))
                .put("replicas", current.size() + old.size())
                .put("updatedReplicas", current.size())
                .put("readyReplicas", ready)
                .put("availableReplicas", ready)
                .put("unavailableReplicas", Math.max(0, desired - ready));
        ArrayNode conditions = status.putArray("conditions");
        JsonNode before = body.at("/status/conditions");
        boolean available = ready >= desired;
        condition(
                conditions,
                before,
                "Available",
                available,
                available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                available ? "Deployment has minimum availability." : "Deployment does not have minimum availability.");
        boolean complete = available && old.isEmpty() && failure.isEmpty();
        condition(
                conditions,
                before,
                "Progressing",
                failure.isEmpty(),
                complete ? "NewReplicaSetAvailable" : failure.isEmpty() ? "ReplicaSetUpdated" : "FailedCreate",
                complete ? "All pods run." : failure.isEmpty() ? "Pods are being started." : failure);
        if (!failure.isEmpty()) {
            condition(conditions, before, "ReplicaFailure", true, "FailedCreate", failure);
        }
        if (!status.equals(body.path("status"))) {
            write(deployment, status);
        }
    }

    private void condition(
            ArrayNode conditions, JsonNode before, String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        Instant now = clock.instant();
        String since = PodObjects.text(now);
        String updated = since;
        for (JsonNode condition : before) {
            if (condition.path("type").asString("").equals(type)
                    && condition.path("status").asString("").equals(status)) {
                since = condition.path("lastTransitionTime").asString(since);
                boolean same = condition.path("reason").asString("").equals(reason);
                updated = same ? condition.path("lastUpdateTime").asString(updated) : updated;
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastUpdateTime", updated)
                .put("lastTransitionTime", since);
    }

    /** Where somebody else wrote meanwhile, that change calls for another look. */
    private void write(StoredObject deployment, ObjectNode status) {
        ObjectNode next = deployment.body().deepCopy();
        next.set("status", status);
        try {
            store.update(deployment.key(), next, deployment.resourceVersion());
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.FAILED) {
                throw e;
            }
        }
    }
}
