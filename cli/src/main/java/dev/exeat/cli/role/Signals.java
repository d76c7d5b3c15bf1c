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
        FAULT,
        /** From within: another process serves in this one's place. */
        HANDED_OVER
    }

    private final BlockingQueue<Signal> arrived = new LinkedBlockingQueue<>();

    private final boolean ofProcess;

    private Signals(boolean ofProcess) {
        this.ofProcess = ofProcess;
    }

    /** Those that this process gets, once {@link #listen} is called. */
    public static Signals ofProcess() {
        return new Signals(true);
    }

    /** Only those that are raised. */
    public static Signals raisedOnly() {
        return new Signals(false);
    }

    /** From now on the process answers SIGTERM, SIGINT and SIGHUP by this queue alone. */
    void listen() {
        if (!ofProcess) {
            return;
        }
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
