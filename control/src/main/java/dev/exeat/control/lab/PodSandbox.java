package dev.exeat.control.lab;

import java.io.IOException;

/** What a pod runs in. Thread-safe. */
public interface PodSandbox extends AutoCloseable {

    /** An IP address that stands for the pod. */
    String address();

    /**
     * Runs a program of this machine as one of the pod.
     *
     * @throws IOException if it cannot be started; the message is for people
     */
    RunningCommand run(CommandLine command) throws IOException;

    /** Ends what runs in it, and releases it. */
    @Override
    void close();
}
