package dev.exeat.proxy.h2;

import dev.exeat.proxy.dial.Cancel;

/** Finds out that a peer is gone: it never says its settings, answers no PING, or reads nothing. */
final class Liveness {
    /** What a connection does when it is asked to. */
    interface Owner {
        boolean isSettled();

        boolean hasUnwritten();

        void sendPing();

        void giveUp(H2Error error, String detail);
    }

    private final LoopTasks tasks;
    private final H2Limits limits;
    private final Owner owner;
    private Cancel settingsTimer = () -> {};
    private Cancel silenceTimer = () -> {};
    private long lastHeard;
    private long lastWritten;
    private long pingSent;
    private boolean pinged;

    Liveness(LoopTasks tasks, H2Limits limits, Owner owner) {
        this.tasks = tasks;
        this.limits = limits;
        this.owner = owner;
        this.lastHeard = tasks.nanos();
        this.lastWritten = lastHeard;
    }

    void start() {
        settingsTimer = tasks.after(limits.settingsTimeout(), () -> {
            if (!owner.isSettled()) {
                owner.giveUp(
                        H2Error.SETTINGS_TIMEOUT, "The peer's SETTINGS or its acknowledgement of ours did not come.");
            }
        });
        if (!limits.keepAlive().isZero()) {
            listen();
        }
    }

    void stop() {
        settingsTimer.cancel();
        silenceTimer.cancel();
    }

    void heard() {
        lastHeard = tasks.nanos();
    }

    /** Everything that was to be written is. */
    void written() {
        lastWritten = tasks.nanos();
    }

    private void listen() {
        silenceTimer = tasks.after(limits.keepAlive(), this::check);
    }

    private void check() {
        long now = tasks.nanos();
        long silence = limits.keepAlive().toNanos();
        if (owner.hasUnwritten() && now - lastWritten >= 2 * silence) {
            owner.giveUp(H2Error.NO_ERROR, "The peer reads nothing.");
        } else if (pinged && lastHeard - pingSent < 0) {
            owner.giveUp(H2Error.NO_ERROR, "The peer is silent.");
        } else {
            pinged = now - lastHeard >= silence;
            listen();
            if (pinged) {
                pingSent = now;
                owner.sendPing();
            }
        }
    }
}
