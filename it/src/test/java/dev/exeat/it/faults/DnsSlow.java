package dev.exeat.it.faults;

import java.time.Duration;

/** The name server takes its time. */
record DnsSlow() implements Fault {
    private static final Duration DELAY = Duration.ofMillis(1_500);

    @Override
    public String name() {
        return "dns slow";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) {
        scene.stand().dns().answeringAfter(DELAY);
        scene.visit(Route.UP, scene.ids().get() + ".load.test");
    }

    @Override
    public void undo(Scene scene) {
        scene.stand().dns().answeringAfter(Duration.ZERO);
    }
}
