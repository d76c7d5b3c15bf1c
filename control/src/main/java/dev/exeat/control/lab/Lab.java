package dev.exeat.control.lab;

import dev.exeat.control.kube.Subresource;
import dev.exeat.control.store.Change;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes workloads of the objects in a store: deployments have pods, pods run, namespaces have a service account
 * {@code default}. One thread looks at everything after each change and every few seconds.
 */
public final class Lab implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lab.class);
    private static final Set<String> LOOKED_AT = Set.of("pods", "deployments", "serviceaccounts", "namespaces");
    private static final long LOOK_AGAIN_SECONDS = 5;

    private final ObjectStore store;
    private final InstantSource clock;
    private final DeploymentReconciler deployments;
    private final Pods pods;
    private final Semaphore changed = new Semaphore(1);
    private final Thread thread;
    private volatile boolean closed;

    private Lab(ObjectStore store, PodRuntime runtime, List<StandIn> standIns, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.deployments = new DeploymentReconciler(store, clock);
        this.pods = new Pods(store, runtime, standIns, clock);
        this.thread = Thread.ofPlatform().daemon().name("exeat-lab").unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param store closed by the caller, after this
     * @param standIns deployments that are made where they are missing
     */
    public static Lab start(ObjectStore store, PodRuntime runtime, List<StandIn> standIns, InstantSource clock) {
        Lab lab = new Lab(store, runtime, standIns, clock);
        standIns.forEach(lab::stand);
        store.onChange(lab::told);
        lab.thread.start();
        return lab;
    }

    /** Answers for the log of a pod and for commands in it. */
    public Map<String, Subresource> subresources() {
        PodFinder finder = new PodFinder(store, pods);
        return Map.of("pods/log", new LogHandler(finder, clock), "pods/exec", new ExecHandler(finder));
    }

    private void told(Change change) {
        if (LOOKED_AT.contains(change.object().key().resource())) {
            changed.release();
        }
    }

    private void run() {
        while (!closed) {
            try {
                changed.tryAcquire(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
                changed.drainPermits();
                if (!closed) {
                    accounts();
                    deployments.reconcile();
                    pods.reconcile();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("the lab could not look after its pods; it tries again");
            }
        }
    }

    private void accounts() {
        for (StoredObject namespace :
                store.list(new Scope("", "namespaces", "")).objects()) {
            StoreKey key = new StoreKey("", "serviceaccounts", namespace.key().name(), "default");
            if (store.find(key) == null) {
                create(key, object("v1", "ServiceAccount", key));
            }
        }
    }

    private void stand(StandIn standIn) {
        StoreKey namespace = new StoreKey("", "namespaces", "", standIn.namespace());
        if (store.find(namespace) == null) {
            create(namespace, object("v1", "Namespace", namespace));
        }
        StoreKey key = new StoreKey("apps", "deployments", standIn.namespace(), standIn.name());
        if (store.find(key) != null) {
            return;
        }
        ObjectNode deployment = object("apps/v1", "Deployment", key);
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        standIn.labels().forEach(labels::put);
        deployment.withObject("/metadata").put("generation", 1).set("labels", labels);
        ObjectNode spec = deployment.putObject("spec").put("replicas", 1);
        spec.putObject("selector").set("matchLabels", labels.deepCopy());
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").set("labels", labels.deepCopy());
        template.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", standIn.container())
                .put("image", "exeat");
        create(key, deployment);
    }

    private ObjectNode object(String apiVersion, String kind, StoreKey key) {
        Instant now = clock.instant();
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", PodObjects.text(now));
        return object;
    }

    private void create(StoreKey key, ObjectNode object) {
        try {
            store.create(key, object);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.EXISTS) {
                throw e;
            }
        }
    }

    /** Ends all pods; their objects stay, and run again at the next start. */
    @Override
    public void close() {
        closed = true;
        changed.release();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(LOOK_AGAIN_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pods.close();
    }
}
