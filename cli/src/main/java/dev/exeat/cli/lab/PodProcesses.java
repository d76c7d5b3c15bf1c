package dev.exeat.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of pods that have no namespace, known by a variable that programs hand down to those that they start.
 * One that takes it out of the environment of its children is not found.
 */
final class PodProcesses {
    /** The directory of the pod that a process belongs to. */
    static final String MARK = "EXEAT_POD";

    private static final Logger LOG = LoggerFactory.getLogger(PodProcesses.class);
    /** Whoever starts processes faster than they end is given up, and so is one that the kernel can't end. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long ROUND_SECONDS = 1;

    private PodProcesses() {}

    /** Ends the processes of the pods whose directory this is, or lies in it; at once, as a container's end does. */
    static void end(Path directory) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            List<ProcessHandle> found = ProcessHandle.allProcesses()
                    .filter(process -> belongs(process.pid(), directory))
                    .toList();
            if (found.isEmpty()) {
                return;
            }
            found.forEach(ProcessHandle::destroyForcibly);
            CompletableFuture.allOf(found.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .completeOnTimeout(null, ROUND_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
        LOG.atWarn().addKeyValue("directory", directory).log("processes of a pod that has ended go on");
    }

    private static boolean belongs(long pid, Path directory) {
        if (pid == ProcessHandle.current().pid()) {
            return false;
        }
        try {
            String prefix = MARK + "=";
            for (String variable : Files.readString(
                            Path.of("/proc", Long.toString(pid), "environ"), StandardCharsets.ISO_8859_1)
                    .split("\0", -1)) {
                if (variable.startsWith(prefix)) {
                    byte[] octets = variable.substring(prefix.length()).getBytes(StandardCharsets.ISO_8859_1);
                    return Path.of(new String(octets, StandardCharsets.UTF_8)).startsWith(directory);
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            return false; // It is gone already, or somebody else's.
        }
    }
}
