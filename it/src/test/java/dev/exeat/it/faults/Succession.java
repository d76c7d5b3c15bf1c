package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.time.Duration;
import java.util.List;

/** A new process takes the place of a running one; no visit fails, and the old one ends with 0 when it is drained. */
final class Succession implements Fault {
    private static final Duration DRAIN = Duration.ofSeconds(40);

    private final Role role;
    private int exit = -1;

    Succession(Role role) {
        this.role = role;
    }

    @Override
    public String name() {
        return "takeover " + role;
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) {
        BackgroundProcess old = scene.stand().replace(role);
        exit = old.awaitExit(DRAIN);
    }

    @Override
    public void undo(Scene scene) {
        // It is the new one's place now.
    }

    @Override
    public List<String> complaints(Scene scene) {
        return exit == 0 ? List.of() : List.of("the old process ended with exit code " + exit);
    }
}
