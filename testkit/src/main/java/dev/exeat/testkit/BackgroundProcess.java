package dev.exeat.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real program that runs while a test does. Its lines on standard output and standard error are kept. Thread-safe. */
public final class BackgroundProcess implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> command;
    private final Process process;
    private final List<String> stdout = new ArrayList<>();
    private final List<String> stderr = new ArrayList<>();
    private final List<Thread> readers;

    BackgroundProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.readers = List.of(collect(process.inputReader(), stdout), collect(process.errorReader(), stderr));
    }

    /**
     * Waits until a line of standard output or standard error matches somewhere, and returns the match, so that a
     * test can take a port out of it.
     *
     * @throws IllegalStateException if the program ends or the time is over first
     */
    public Matcher awaitLine(String regex, Duration limit) {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (stdout) {
            while (true) {
                for (List<String> lines : List.of(stderr, stdout)) {
                    for (String line : lines) {
                        Matcher matcher = pattern.matcher(line);
                        if (matcher.find()) {
                            return matcher;
                        }
                    }
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                boolean over = readers.stream().noneMatch(Thread::isAlive);
                if (left <= 0 || over) {
                    throw failure("no line matched " + regex);
                }
                waitForLine(Math.min(left, 100));
            }
        }
    }

    /**
     * Waits until a file is there with something in it, and returns its text.
     *
     * @throws IllegalStateException if the program ends or the time is over first
     */
    public String awaitFile(Path file, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                if (Files.isRegularFile(file) && Files.size(file) > 0) {
                    return Files.readString(file);
                }
            } catch (IOException e) {
                // It was just being replaced; look again.
            }
            if (Command.waitFor(process, POLL)) {
                throw failure("it ended before it wrote " + file);
            }
        }
        throw failure("it did not write " + file + " in time");
    }

    /** Waits for the program to end by itself and returns its exit code, or {@link CommandRun#TIMED_OUT}. */
    public int awaitExit(Duration limit) {
        return Command.waitFor(process, limit) ? process.exitValue() : CommandRun.TIMED_OUT;
    }

    /** Asks the program to end (SIGTERM) and returns its exit code; kills it after ten seconds. */
    public int stop() {
        return stop(PATIENCE);
    }

    /** The same with another patience. */
    public int stop(Duration patience) {
        // Process.destroy would close the streams, and what the program says at its end be lost.
        process.toHandle().destroy();
        if (!Command.waitFor(process, patience)) {
            kill();
        }
        return awaitExit(PATIENCE);
    }

    /** Ends it and its children at once (SIGKILL). */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public List<String> stdout() {
        synchronized (stdout) {
            return List.copyOf(stdout);
        }
    }

    public List<String> stderr() {
        synchronized (stdout) {
            return List.copyOf(stderr);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void waitForLine(long millis) {
        try {
            stdout.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a line", e);
        }
    }

    private Thread collect(BufferedReader reader, List<String> lines) {
        return Command.readLater(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    synchronized (stdout) {
                        lines.add(line);
                        stdout.notifyAll();
                    }
                }
            } catch (IOException e) {
                // The program was killed; its lines end here.
            }
        });
    }

    private IllegalStateException failure(String what) {
        return new IllegalStateException(String.join(" ", command) + ": " + what + "\nexit: "
                + (process.isAlive() ? "still running" : process.exitValue()) + "\nstdout: "
                + String.join("\n", stdout())
                + "\nstderr: " + String.join("\n", stderr()));
    }
}
