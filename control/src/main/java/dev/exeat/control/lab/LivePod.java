package dev.exeat.control.lab;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A pod that runs or is being started, with the logs of its containers. Thread-safe. */
final class LivePod implements AutoCloseable {
    private final @Nullable StandIn standIn;
    private final InstantSource clock;
    private final Map<String, PodLog> logs = new ConcurrentHashMap<>();
    private @Nullable PodSandbox sandbox;
    private @Nullable Instant failed;
    private boolean closed;

    LivePod(@Nullable StandIn standIn, InstantSource clock) {
        this.standIn = standIn;
        this.clock = clock;
    }

    boolean isStandIn() {
        return standIn != null;
    }

    /** The log of a container that the pod has. */
    PodLog log(String container) {
        return standIn != null ? standIn.log() : logs.computeIfAbsent(container, _ -> new PodLog(clock));
    }

    /** What it runs in; null as long as it does not run. */
    synchronized @Nullable PodSandbox sandbox() {
        return sandbox;
    }

    /** Where the pod is gone already, its environment goes at once. */
    void started(PodSandbox environment) {
        synchronized (this) {
            if (!closed) {
                sandbox = environment;
                return;
            }
        }
        environment.close();
    }

    synchronized void failed(Instant when) {
        failed = when;
    }

    synchronized boolean isToBeTriedAgain(Instant failedBefore) {
        return failed != null && failed.isBefore(failedBefore);
    }

    @Override
    public void close() {
        PodSandbox ended;
        synchronized (this) {
            closed = true;
            ended = sandbox;
            sandbox = null;
        }
        if (ended != null) {
            ended.close();
        }
        logs.values().forEach(PodLog::end);
    }
}
