package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;

/** No room for records: connections are served, and what is dropped is counted exactly. */
record LogFull() implements Fault {
    @Override
    public String name() {
        return "log full";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) {
        scene.stand().logs().fill(scene.stand().process(Role.UP).pid());
    }

    @Override
    public void undo(Scene scene) {
        scene.stand().logs().free(scene.stand().process(Role.UP).pid());
    }
}
