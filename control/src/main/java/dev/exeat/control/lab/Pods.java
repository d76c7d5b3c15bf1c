package dev.exeat.control.lab;

import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.identity.ServiceAccountRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs each pod that there is, and ends those that are gone. Thread-safe. */
final class Pods implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pods.class);
    private static final Scope ALL = new Scope("", "pods", "");
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final ObjectStore store;
    private final PodRuntime runtime;
    private final List<StandIn> standIns;
    private final InstantSource clock;
    private final Map<String, LivePod> live = new ConcurrentHashMap<>();
    private final ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor();

    Pods(ObjectStore store, PodRuntime runtime, List<StandIn> standIns, InstantSource clock) {
        this.store = store;
        this.runtime = runtime;
        this.standIns = List.copyOf(standIns);
        this.clock = clock;
    }

    /** A pod that runs, or null. */
    @Nullable
    LivePod find(JsonNode pod) {
        return live.get(PodObjects.uid(pod));
    }

    void reconcile() {
        Set<String> there = new HashSet<>();
        for (StoredObject pod : store.list(ALL).objects()) {
            String uid = PodObjects.uid(pod.body());
            there.add(uid);
            LivePod known = live.get(uid);
            if (known != null && known.sandbox() != null && !hasAccount(pod)) {
                delete(pod);
            }
            Instant now = clock.instant();
            if (known == null || known.isToBeTriedAgain(now.minus(TRY_AGAIN))) {
                LivePod fresh = new LivePod(standIn(pod.body()), clock);
                live.put(uid, fresh);
                starting.execute(() -> start(pod, fresh));
            }
        }
        live.forEach((uid, pod) -> {
            if (!there.contains(uid) && live.remove(uid, pod)) {
                starting.execute(pod::close);
            }
        });
    }

    /** A pod of a deployment that stands for a part of this process. */
    private @Nullable StandIn standIn(ObjectNode pod) {
        String namespace = pod.at("/metadata/namespace").asString("");
        String owner = PodObjects.ownerUid(pod);
        for (StandIn standIn : standIns) {
            StoredObject deployment =
                    store.find(new StoreKey("apps", "deployments", standIn.namespace(), standIn.name()));
            if (standIn.namespace().equals(namespace)
                    && deployment != null
                    && PodObjects.uid(deployment.body()).equals(owner)) {
                return standIn;
            }
        }
        return null;
    }

    private void start(StoredObject pod, LivePod fresh) {
        ObjectNode body = pod.body();
        Instant now = clock.instant();
        try {
            String address = "127.0.0.1";
            if (!fresh.isStandIn()) {
                PodSandbox sandbox = runtime.start(new PodRuntime.Pod(pod.key().name(), account(pod)));
                address = sandbox.address();
                fresh.started(sandbox);
            }
            boolean again = body.at("/status/phase").asString("").equals("Running");
            int restarts = body.at("/status/containerStatuses/0/restartCount").asInt(0) + (again ? 1 : 0);
            JsonNode status = PodObjects.running(body, address, restarts, now);
            say(pod, next -> next.set("status", status));
        } catch (RuntimeException e) {
            fresh.failed(now);
            LOG.atWarn()
                    .addKeyValue("pod", pod.key().namespace() + "/" + pod.key().name())
                    .addKeyValue("cause", e.toString())
                    .log("a pod does not run; it is tried again");
            JsonNode status = PodObjects.waiting(body, "CreateContainerError", String.valueOf(e.getMessage()), now);
            say(pod, next -> next.set("status", status));
        }
    }

    private ServiceAccountRef account(StoredObject pod) {
        String name = PodObjects.account(pod.body().path("spec"));
        if (!hasAccount(pod)) {
            throw new PodException("serviceaccount \"" + name + "\" not found");
        }
        return new ServiceAccountRef(pod.key().namespace(), name);
    }

    private boolean hasAccount(StoredObject pod) {
        String name = PodObjects.account(pod.body().path("spec"));
        return store.find(new StoreKey("", "serviceaccounts", pod.key().namespace(), name)) != null;
    }

    /** An identity that there is no more opens no connections, however long its certificate would have lasted. */
    private void delete(StoredObject pod) {
        LOG.atInfo()
                .addKeyValue("pod", pod.key().namespace() + "/" + pod.key().name())
                .log("a pod ends with its service account");
        try {
            store.delete(pod.key(), 0);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.MISSING) {
                throw e;
            }
        }
    }

    /** Changes what is said of the pod; one that is gone is let be. */
    private void say(StoredObject pod, Consumer<ObjectNode> change) {
        while (true) {
            StoredObject current = store.find(pod.key());
            if (current == null || !PodObjects.uid(current.body()).equals(PodObjects.uid(pod.body()))) {
                return;
            }
            ObjectNode next = current.body().deepCopy();
            change.accept(next);
            next.withObject("/spec").put("nodeName", PodObjects.NODE);
            try {
                store.update(pod.key(), next, current.resourceVersion());
                return;
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.FAILED) {
                    LOG.atWarn().log("the status of a pod is not written: {}", e.getMessage());
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        starting.shutdownNow();
        live.values().forEach(LivePod::close);
        live.clear();
    }
}
