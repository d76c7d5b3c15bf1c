package dev.exeat.cli.role;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The signals that steer a role, in the order of their arrival. Thread-safe. */
public final class Signals {

    public enum Signal {
        /** SIGTERM or SIGINT: drain and end. */
        END,
        /** SIGHUP: read again what was read at the start. */
        RELOAD,
        /** From within: the role can serve no longer. */
        FAULT
    }

    private final BlockingQueue<Signal> arrived = new LinkedBlockingQueue<>();

    /** From now on the process answers SIGTERM, SIGINT and SIGHUP by this queue alone. */
    public void attachToProcess() {
        ProcessSignal.handle("TERM", () -> raise(Signal.END));
        ProcessSignal.handle("INT", () -> raise(Signal.END));
        ProcessSignal.handle("HUP", () -> raise(Signal.RELOAD));
    }

    /** Waits for the next signal. */
    public Signal next() throws InterruptedException {
        return arrived.take();
    }

    public void raise(Signal signal) {
        arrived.add(signal);
    }
}
