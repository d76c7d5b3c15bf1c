package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.time.Duration;

/** A process is killed, and started again with nothing done by hand. */
record KillNine(Role role) implements Fault {
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
        scene.stand().start(role);
    }
}
