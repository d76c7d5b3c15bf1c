package dev.exeat.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where something was measured.
 *
 * @param descriptors how many files a process may have open
 * @param load1 the load average of the minute before, which should be near 0
 */
public record Machine(String kernel, String cpu, int cores, long memoryMegabytes, int descriptors, double load1) {
    private static final long KILOBYTES_PER_MEGABYTE = 1024;

    /** This one, now. */
    public static Machine here() {
        return new Machine(
                System.getProperty("os.version", "") + " " + System.getProperty("os.arch", ""),
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                number(field("/proc/meminfo", "MemTotal")) / KILOBYTES_PER_MEGABYTE,
                (int) number(field("/proc/self/limits", "Max open files").split("\\s+")[0]),
                Double.parseDouble(lines("/proc/loadavg").getFirst().split(" ")[0]));
    }

    private static String field(String file, String name) {
        for (String line : lines(file)) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).replaceFirst("^[\\s:]+", "");
            }
        }
        return "0";
    }

    private static long number(String text) {
        String digits = text.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? Integer.MAX_VALUE : Long.parseLong(digits);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of("0");
        }
    }
}
