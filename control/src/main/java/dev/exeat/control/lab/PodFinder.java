package dev.exeat.control.lab;

import dev.exeat.control.kube.KubeException;
import dev.exeat.control.kube.Subresource;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoredObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Finds the container that a request means. Thread-safe. */
final class PodFinder {
    private final ObjectStore store;
    private final Pods pods;

    PodFinder(ObjectStore store, Pods pods) {
        this.store = store;
        this.pods = pods;
    }

    /** @param live null as long as the pod does not run */
    record Found(ObjectNode pod, String container, @Nullable LivePod live) {
        String name() {
            return pod.at("/metadata/name").asString("");
        }
    }

    /**
     * The container.
     *
     * @param container empty for the only one
     * @throws KubeException if there is no such pod or container
     */
    Found find(Subresource.Of of, String container) {
        StoredObject stored = store.find(PodObjects.key(of.namespace(), of.name()));
        if (stored == null) {
            throw KubeException.missing(PodObjects.key(of.namespace(), of.name()));
        }
        ObjectNode pod = stored.body();
        List<String> containers = PodObjects.containers(pod);
        if (container.isEmpty() && containers.size() != 1) {
            throw KubeException.badRequest("a container name must be specified for pod " + of.name()
                    + ", choose one of: [" + String.join(" ", containers) + "]");
        }
        if (!container.isEmpty() && !containers.contains(container)) {
            throw KubeException.badRequest("container " + container + " is not valid for pod " + of.name());
        }
        return new Found(pod, container.isEmpty() ? containers.getFirst() : container, pods.find(pod));
    }
}
