package dev.exeat.control.lab;

import dev.exeat.identity.ServiceAccountRef;

/** Makes what pods run in. Thread-safe. */
@FunctionalInterface
public interface PodRuntime {

    /**
     * A pod that is to run.
     *
     * @param account whose identity it has
     */
    record Pod(String name, ServiceAccountRef account) {
        public String namespace() {
            return account.namespace();
        }
    }

    /**
     * Makes the environment of a pod and waits until it can be used.
     *
     * @throws PodException if it cannot be made
     */
    PodSandbox start(Pod pod);
}
