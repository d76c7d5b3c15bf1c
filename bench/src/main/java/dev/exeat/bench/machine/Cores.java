package dev.exeat.bench.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Which core the measured program has for itself, and which one load and upstream share.
 *
 * @param measured a core's number as {@code taskset} counts
 * @param load the same
 */
public record Cores(int measured, int load) {
    private static final int ANY = -1;

    /** Every program on whichever core is free. */
    public static Cores anywhere() {
        return new Cores(ANY, ANY);
    }

    /** The second core for the measured program, because the first serves more interrupts; the only one if there is one. */
    public static Cores standard() {
        return new Cores(Runtime.getRuntime().availableProcessors() > 1 ? 1 : 0, 0);
    }

    /** @throws IllegalArgumentException unless it is {@code MEASURED,LOAD} */
    public static Cores parse(String text) {
        String[] numbers = text.split(",", -1);
        if (numbers.length != 2) {
            throw new IllegalArgumentException("write the measured program's core and the load's, as in 1,0");
        }
        return new Cores(Integer.parseInt(numbers[0].strip()), Integer.parseInt(numbers[1].strip()));
    }

    /** A command that runs on the measured program's core, it and all that it starts. */
    public List<String> measuredOnly(List<String> command) {
        return pin(measured, command);
    }

    /** A command that runs on the load's core. */
    public List<String> loadOnly(List<String> command) {
        return pin(load, command);
    }

    private static List<String> pin(int core, List<String> command) {
        if (core == ANY) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", String.valueOf(core)));
        pinned.addAll(command);
        return pinned;
    }
}
