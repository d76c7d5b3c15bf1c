package dev.exeat.bench.subject;

import dev.exeat.bench.machine.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An installed program: of this machine, or of another system in a folder, with whose loader and libraries it then
 * runs.
 *
 * @param command how it is called
 * @param root the folder of its system
 */
record Binary(List<String> command, Path root) {

    /** Looks in a folder with a Debian first, then in the places of this machine. */
    static Optional<Binary> find(Path system, String name) {
        Path inside = system.resolve("usr/sbin").resolve(name);
        if (Files.isExecutable(inside)) {
            return Optional.of(new Binary(
                    List.of(loader(system).toString(), "--library-path", libraries(system), inside.toString()),
                    system));
        }
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(found -> new Binary(List.of(found.toString()), Path.of("/")));
    }

    static Optional<Binary> at(Path program) {
        return Files.isExecutable(program)
                ? Optional.of(new Binary(List.of(program.toString()), Path.of("/")))
                : Optional.empty();
    }

    private static Path loader(Path system) {
        return first(system, "lib64/ld-linux-*", "lib/ld-linux-*");
    }

    private static String libraries(Path system) {
        return first(system, "usr/lib/*-linux-gnu").toString();
    }

    private static Path first(Path system, String... globs) {
        for (String glob : globs) {
            Path pattern = Path.of(glob);
            Path parent = system.resolve(pattern.getParent());
            if (Files.isDirectory(parent)) {
                try (var found =
                        Files.newDirectoryStream(parent, pattern.getFileName().toString())) {
                    for (Path path : found) {
                        return path;
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new IllegalStateException("no " + String.join(" or ", globs) + " in " + system);
    }

    List<String> with(String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return List.copyOf(all);
    }

    /** The first group of a pattern in what the program says to some arguments, or a question mark. */
    String says(Pattern pattern, String... arguments) {
        Matcher matcher = pattern.matcher(Program.outputOf(with(arguments)));
        return matcher.find() ? matcher.group(1) : "?";
    }
}
