package dev.exeat.it.faults;

/** One of the reliability goals, measured. */
interface Measurement {
    /** Its number and name, as docs/reliability.md has them. */
    String goal();

    /** Of the mesh that it is measured on. */
    default Stand.Settings settings() {
        return Stand.Settings.DEFAULT;
    }

    Figure measure(Scene scene) throws Exception;

    /** @param met whether the goal is reached on this machine, as busy as it is */
    record Figure(boolean met, String text) {}
}
