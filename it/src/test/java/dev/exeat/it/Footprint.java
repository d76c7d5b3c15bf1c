package dev.exeat.it;

import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Java process holds at a moment, after a collection of garbage.
 *
 * @param descriptors how many by kind, such as {@code socket}
 * @param objects live objects of Exeat's own classes by class
 * @param nativeOctets what malloc(3) has given out: the heap of native libraries, BoringSSL among them
 */
record Footprint(Map<String, Integer> descriptors, int threads, Map<String, Integer> objects, long nativeOctets) {
    private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(dev\\.exeat\\.[^ \\n]+)");
    /** Of malloc_info(3): what the system has given, and the free part of it; the totals stand last. */
    private static final Pattern SIZE =
            Pattern.compile("<(system type=\"current\"|total type=\"(?:fast|rest|mmap)\")[^>]*size=\"(\\d+)\"");

    static Footprint of(long pid) {
        jcmd(pid, "GC.run");
        return new Footprint(
                descriptors(pid),
                (int) entries(Path.of("/proc/" + pid + "/task")),
                objects(jcmd(pid, "GC.class_histogram")),
                allocated(jcmd(pid, "System.native_heap_info")));
    }

    /** Where so many descriptors of a kind are no matter. */
    Footprint without(String kind, int count) {
        Map<String, Integer> rest = new TreeMap<>(descriptors);
        rest.computeIfPresent(kind, (_, all) -> all - count);
        return new Footprint(rest, threads, objects, nativeOctets);
    }

    private static String jcmd(long pid, String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        CommandRun run = CommandRun.of(jcmd.toString(), String.valueOf(pid), command);
        if (run.exitCode() != 0) {
            throw new IllegalStateException(run.toString());
        }
        return run.stdout();
    }

    private static long entries(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Integer> descriptors(long pid) {
        Map<String, Integer> kinds = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try {
                    String target = Files.readSymbolicLink(file).toString();
                    String kind = target.startsWith("/") ? "file" : target.replaceFirst(":?\\[?\\d+]?$", "");
                    kinds.merge(kind, 1, Integer::sum);
                } catch (NoSuchFileException e) {
                    // Closed meanwhile.
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return kinds;
    }

    private static Map<String, Integer> objects(String histogram) {
        Map<String, Integer> counts = new TreeMap<>();
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            counts.put(line.group(2), Integer.parseInt(line.group(1)));
        }
        return counts;
    }

    /** Of the arenas taken together, whose lines stand after the last of the single ones. */
    private static long allocated(String info) {
        Matcher size = SIZE.matcher(info.substring(info.lastIndexOf("</heap>") + 1));
        long octets = 0;
        boolean found = false;
        while (size.find()) {
            found = true;
            boolean free = size.group(1).contains("fast") || size.group(1).contains("rest");
            octets += (free ? -1 : 1) * Long.parseLong(size.group(2));
        }
        if (!found) {
            throw new IllegalStateException("no sizes in " + info);
        }
        return octets;
    }

    int count(String simpleName) {
        return objects.getOrDefault("dev.exeat." + simpleName, 0);
    }

    int descriptors(String kind) {
        return descriptors.getOrDefault(kind, 0);
    }
}
