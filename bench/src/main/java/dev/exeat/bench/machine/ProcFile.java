package dev.exeat.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel tells of a process (proc(5)). */
final class ProcFile {
    /** USER_HZ, which is 100 on every architecture that Exeat runs on. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final int USER = 11;
    private static final int CHILDREN_SYSTEM = 14;
    private static final long OCTETS_PER_KILOBYTE = 1024;

    private ProcFile() {}

    /**
     * The CPU time of all threads of a process, those that have ended included, and of the children it has waited for.
     *
     * @return nanoseconds, in steps of 10 ms; 0 if the process is gone
     */
    static long cpuNanos(long pid) {
        try {
            return cpuNanos(Files.readString(Path.of("/proc", String.valueOf(pid), "stat")));
        } catch (IOException e) {
            return 0;
        }
    }

    /** The fields after the command's name, which may hold blanks and brackets itself. */
    static long cpuNanos(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int i = USER; i <= CHILDREN_SYSTEM; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * NANOS_PER_TICK;
    }

    /** VmRSS in octets; 0 if the process is gone. */
    static long residentOctets(long pid) {
        try {
            return residentOctets(Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")));
        } catch (IOException e) {
            return 0;
        }
    }

    static long residentOctets(List<String> status) {
        for (String line : status) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * OCTETS_PER_KILOBYTE;
            }
        }
        return 0;
    }
}
