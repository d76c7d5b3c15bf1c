package dev.exeat.it.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this machine has so much else to do that connections run into their time-outs by that alone. */
final class Machine {
    private static final int TIMES_THE_CORES = 4;
    private static final long LATE_NANOS = 3_000_000_000L;

    private Machine() {}

    /** By the number of threads that want to run, over the last minute. */
    static boolean isBusy() {
        try {
            String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
            return Double.parseDouble(load)
                    > TIMES_THE_CORES * Runtime.getRuntime().availableProcessors();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean mayHaveDelayed(Visit visit) {
        return visit.ended() - visit.began() > LATE_NANOS && isBusy();
    }
}
