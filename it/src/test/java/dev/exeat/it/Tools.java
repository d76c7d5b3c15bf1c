package dev.exeat.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs of others that a test can use where the machine has them. */
final class Tools {
    private Tools() {}

    /** Where it stands on the PATH, or in the Go tools' own directory; null where it does not. */
    static @Nullable Path find(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        String home = System.getenv().getOrDefault("HOME", "");
        return Stream.concat(Stream.of(path.split(":")), Stream.of(home + "/go/bin"))
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
