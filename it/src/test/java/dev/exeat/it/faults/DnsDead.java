package dev.exeat.it.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The name server is gone: known names go on, new ones fail in time, and come as soon as it is back. */
final class DnsDead implements Fault {
    private static final Duration NEW_NAME = Duration.ofMillis(5_500);
    private static final Duration BACK = Duration.ofSeconds(5);
    private static final String PROBE = "new-name.load.test";

    private final List<String> complaints = new ArrayList<>();

    @Override
    public String name() {
        return "dns dead";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) {
        scene.stand().dns().close();
        Visit visit = scene.visit(Route.UP, scene.ids().get() + ".load.test");
        if (visit.delivered()) {
            complaints.add("a name that nobody can know was resolved");
        } else if (visit.ended() - visit.began() > NEW_NAME.toNanos()) {
            complaints.add("a new name failed late: " + visit);
        }
    }

    @Override
    public void undo(Scene scene) {
        scene.stand().restartDns();
        scene.stand().dns().put(PROBE, Site.BYSTANDER.address());
        long back = System.nanoTime();
        while (!scene.visit(Route.UP, PROBE).delivered()) {
            if (System.nanoTime() - back > BACK.toNanos()) {
                complaints.add("a new name failed longer than " + BACK.toSeconds() + " s after the return");
                return;
            }
        }
    }

    @Override
    public List<String> complaints(Scene scene) {
        return complaints;
    }
}
