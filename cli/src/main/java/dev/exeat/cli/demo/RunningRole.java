package dev.exeat.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of this same program that serves until it is ended. */
final class RunningRole {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(15);
    private static final int TAIL = 20;

    private final String name;
    private final Process process;
    private final Path log;
    private final Path readyFile;

    /** @param log what the process says on standard error */
    RunningRole(String name, Process process, Path log, Path readyFile) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.readyFile = readyFile;
    }

    /** @return the bound addresses by flag */
    Map<String, String> awaitReady() throws InterruptedException {
        boolean ready = Await.until(START_LIMIT, () -> Files.exists(readyFile) || !process.isAlive());
        if (!ready || !process.isAlive()) {
            String what = ready ? "ended with exit code " + process.exitValue() : "is not ready after " + START_LIMIT;
            throw new DemoException("'exeat " + name + "' " + what + "; its last words:\n" + lastWords());
        }
        return ReadyFile.read(readyFile);
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e + ")";
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks for an end as SIGTERM does, and insists where that is not heard. */
    CommandResult end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            return new CommandResult(137, List.of("no end " + END_LIMIT.toSeconds() + " s after SIGTERM; killed"));
        }
        return new CommandResult(process.exitValue(), List.of());
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
