package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** No room for the authority's ledger: no certificate is handed out, and all is well again with room. */
final class StoreFull implements Fault {
    private static final Duration BACK = Duration.ofSeconds(5);

    private boolean back;

    @Override
    public String name() {
        return "store full";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) {
        scene.stand().store().fill(scene.stand().process(Role.UP).pid());
    }

    @Override
    public void undo(Scene scene) {
        scene.stand().store().free(scene.stand().process(Role.UP).pid());
        long freed = System.nanoTime();
        while (System.nanoTime() - freed < BACK.toNanos() && !back) {
            back = scene.certificates().lastGranted() > freed;
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public List<String> complaints(Scene scene) {
        return back ? List.of() : List.of("no certificate within " + BACK.toSeconds() + " s after there was room");
    }
}
