package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;

/** A process is stopped (SIGSTOP), and goes on. */
record Freeze(Role role) implements Fault {
    @Override
    public String name() {
        return "freeze " + role;
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.of(role);
    }

    /** Nothing need fail, but for who has waited as long as the client does. */
    @Override
    public boolean mayFail(Visit visit, long since) {
        return tolerance().mayFail(visit) && visit.ending() == Ending.SILENT;
    }

    @Override
    public void inflict(Scene scene) {
        Stand.signal(scene.stand().process(role), "STOP");
    }

    @Override
    public void undo(Scene scene) {
        Stand.signal(scene.stand().process(role), "CONT");
    }
}
