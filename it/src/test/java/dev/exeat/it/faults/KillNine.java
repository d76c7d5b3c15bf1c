package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.time.Duration;

/** A process is killed, and started again with nothing done by hand. */
final class KillNine implements Fault {
    private final Role role;
    private long startNanos;

    KillNine(Role role) {
        this.role = role;
    }

    @Override
    public String name() {
        return "kill-9 " + role;
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.killed(role);
    }

    @Override
    public void inflict(Scene scene) {
        BackgroundProcess process = scene.stand().process(role);
        process.kill();
        process.awaitExit(Duration.ofSeconds(10));
    }

    @Override
    public void undo(Scene scene) {
        long began = System.nanoTime();
        scene.stand().start(role);
        startNanos = System.nanoTime() - began;
    }

    /** From its new start to its readiness. */
    long startNanos() {
        return startNanos;
    }
}
