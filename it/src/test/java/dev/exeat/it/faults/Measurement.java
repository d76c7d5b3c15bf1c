package dev.exeat.it.faults;

import java.util.List;

/** One of the reliability goals, measured. */
interface Measurement {
    /** Its number and name, as docs/reliability.md has them. */
    String goal();

    /** Further flags of {@code exeat up}. */
    default List<String> flags() {
        return List.of();
    }

    /** Whether the gateway's clock shall be settable. */
    default boolean setsClock() {
        return false;
    }

    Figure measure(Scene scene) throws Exception;

    /** @param met whether the goal is reached on this machine, as busy as it is */
    record Figure(boolean met, String text) {}
}
