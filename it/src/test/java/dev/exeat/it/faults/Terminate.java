package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.time.Duration;
import java.util.List;

/** A process is asked to end (SIGTERM): open tunnels go on, and it ends with 0. Of {@code up}, the authority is down. */
final class Terminate implements Fault {
    private static final Duration DRAIN = Duration.ofSeconds(40);

    private final Role role;
    private int exit = -1;

    Terminate(Role role) {
        this.role = role;
    }

    @Override
    public String name() {
        return role == Role.UP ? "authority down" : "terminate " + role;
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.of(role);
    }

    @Override
    public boolean mayFail(Visit visit, long since) {
        return tolerance().mayFail(visit) && Fault.wasNotYetCarried(visit, since);
    }

    @Override
    public void inflict(Scene scene) {
        Stand.signal(scene.stand().process(role), "TERM");
    }

    @Override
    public void undo(Scene scene) {
        BackgroundProcess old = scene.stand().process(role);
        exit = old.awaitExit(DRAIN);
        scene.stand().start(role);
    }

    @Override
    public List<String> complaints(Scene scene) {
        return exit == 0 ? List.of() : List.of("it ended with exit code " + exit);
    }
}
