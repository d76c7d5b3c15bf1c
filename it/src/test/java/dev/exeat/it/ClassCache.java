package dev.exeat.it;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The classes that {@code up} loads, parsed and linked once for all programs of a test run (JEP 483 and 514), which
 * spares each of some hundred starts a third of its work. A JVM that the cache does not fit starts without it.
 */
final class ClassCache {
    private static final Path CACHE = Path.of("target", "classes.aot").toAbsolutePath();
    private static final Duration SOON = Duration.ofSeconds(60);

    private ClassCache() {}

    /**
     * The option that names the cache, made by a start of {@code up} where there is none of these libraries yet; none if
     * that JVM wrote no cache.
     *
     * @param jvm the path of Java and its options, the main class last
     */
    static List<String> option(List<String> jvm, Path libraries) throws IOException {
        if (!Files.exists(CACHE) || modified(CACHE).compareTo(newest(libraries)) < 0) {
            train(jvm);
        }
        return Files.exists(CACHE) ? List.of("-XX:AOTCache=" + CACHE) : List.of();
    }

    private static FileTime newest(Path libraries) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        try (Stream<Path> jars = Files.list(libraries)) {
            for (Path jar : (Iterable<Path>) jars::iterator) {
                newest = modified(jar).compareTo(newest) > 0 ? modified(jar) : newest;
            }
        }
        return newest;
    }

    private static FileTime modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file);
    }

    private static void train(List<String> jvm) throws IOException {
        Path written = CACHE.resolveSibling("classes.aot.new");
        List<String> words = new ArrayList<>(jvm);
        words.add(1, "-XX:AOTCacheOutput=" + written);
        words.addAll(List.of("up", "--data-dir", "target/classes-data", "--manifests", "../samples"));
        words.addAll(List.of("--tunnel", "127.0.0.1:0", "--api", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
        try (BackgroundProcess up = Command.of(words).start()) {
            up.awaitLine("ready \\{.*\\}", SOON);
            // It writes the cache when it ends.
            up.stop(SOON);
        }
        if (Files.exists(written)) {
            Files.move(written, CACHE, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
