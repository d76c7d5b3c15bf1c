package dev.exeat.it;

import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One kubectl of this machine.
 *
 * @param minor the second number of its version
 */
record KubectlProgram(Path path, int minor) {
    /** Older ones cannot do without what Kubernetes itself has given up. */
    private static final int OLDEST = 30;

    private static final Pattern VERSION = Pattern.compile("\"gitVersion\": *\"v1\\.(\\d+)[^\"]*\"");
    private static final String DISPATCHER = "-dispatcher";

    /**
     * One of each version from 1.30 on, the newest first: those that the environment variable EXEAT_KUBECTLS lists, set
     * apart by colons; else {@code kubectl} and {@code kubectl.1.NN} on the PATH and beside them.
     */
    static List<KubectlProgram> all() {
        TreeMap<Integer, Path> found = new TreeMap<>();
        String listed = System.getenv().getOrDefault("EXEAT_KUBECTLS", "");
        for (Path path : listed.isEmpty()
                ? onPath()
                : Stream.of(listed.split(":")).map(Path::of).toList()) {
            String version = CommandRun.of(path.toString(), "version", "--client", "-o", "json")
                    .stdout();
            Matcher matcher = VERSION.matcher(version);
            // One that only looks for the kubectl that fits is none of its own.
            if (matcher.find() && !matcher.group().contains(DISPATCHER)) {
                found.putIfAbsent(Integer.parseInt(matcher.group(1)), path);
            }
        }
        List<KubectlProgram> programs = new ArrayList<>();
        found.descendingMap().forEach((minor, path) -> {
            if (minor >= OLDEST) {
                programs.add(new KubectlProgram(path, minor));
            }
        });
        return programs;
    }

    private static Set<Path> onPath() {
        Set<Path> directories = new LinkedHashSet<>();
        for (String place : System.getenv().getOrDefault("PATH", "").split(":")) {
            directories.add(Path.of(place));
            Path kubectl = Path.of(place, "kubectl");
            if (Files.isExecutable(kubectl)) {
                directories.add(real(kubectl).getParent());
            }
        }
        directories.removeIf(directory -> !Files.isDirectory(directory));
        Set<Path> programs = new LinkedHashSet<>();
        for (Path directory : directories) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.getFileName().toString().matches("kubectl(\\.1\\.\\d+)?"))
                        .map(KubectlProgram::real)
                        .sorted()
                        .forEach(programs::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return programs;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "kubectl 1." + minor;
    }
}
