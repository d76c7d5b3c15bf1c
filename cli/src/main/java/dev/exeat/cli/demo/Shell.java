package dev.exeat.cli.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs commands as a person would type them: by {@code sh}, in the demonstration's directory. */
final class Shell {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path directory;
    private final Map<String, String> environment;

    /** @param environment the whole environment of the commands */
    Shell(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /** @param more variables on top, as a workload sees them */
    CommandResult run(String command, Map<String, String> more) throws InterruptedException {
        ProcessBuilder builder = builder(command, more);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectErrorStream(true);
        Process process = start(builder, command);
        // Read on another thread, so that a command which hangs with its output open is found by the limit.
        CompletableFuture<List<String>> lines = CompletableFuture.supplyAsync(
                () -> process.inputReader(StandardCharsets.UTF_8).lines().toList(),
                runnable -> Thread.ofPlatform().daemon().start(runnable));
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DemoException("no end after " + LIMIT.toSeconds() + " s: " + command);
            }
            return new CommandResult(process.exitValue(), lines.join());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Starts a command that stays; its output goes to files. */
    Process background(String command, Path out, Path err) {
        ProcessBuilder builder = builder("exec " + command, Map.of());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectOutput(out.toFile());
        builder.redirectError(err.toFile());
        return start(builder, command);
    }

    private ProcessBuilder builder(String command, Map<String, String> more) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).directory(directory.toFile());
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        builder.environment().clear();
        builder.environment().putAll(all);
        return builder;
    }

    private static Process start(ProcessBuilder builder, String command) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new DemoException("cannot run: " + command + ": " + e.getMessage(), e);
        }
    }
}
