package dev.exeat.cli.lab;

import dev.exeat.control.lab.PodRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directories that programs of pods are in, under one that belongs to the lab alone. */
final class PodDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(PodDirectories.class);

    private final Path root;

    PodDirectories(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** Ends and removes what a lab has left here that was killed. Before any pod is started. */
    void clear() {
        PodProcesses.end(root);
        remove(root);
    }

    Path create(PodRuntime.Pod pod) {
        try {
            return Files.createDirectories(root.resolve(pod.namespace()).resolve(pod.name()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the directory of a pod", e);
        }
    }

    static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("cause", e.toString())
                    .log("the directory of a pod stays behind");
        }
    }
}
