package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.io.IOException;

/**
 * The gateway's wall clock is set forward or back, and right again. No time-out may notice. An hour back its own
 * certificate is not valid yet, and so it refuses.
 */
record ClockStep(int seconds) implements Fault {
    @Override
    public String name() {
        return "clock %+d s".formatted(seconds);
    }

    @Override
    public Tolerance tolerance() {
        return seconds < -60 ? Tolerance.of(Role.GATEWAY) : Tolerance.NONE;
    }

    @Override
    public String impossible(Scene scene) {
        return scene.stand().clock().canBeSet() ? "" : "without --clock-steps, or a C compiler";
    }

    @Override
    public void inflict(Scene scene) throws IOException {
        scene.stand().clock().set(seconds);
    }

    @Override
    public void undo(Scene scene) throws IOException {
        scene.stand().clock().set(0);
    }
}
