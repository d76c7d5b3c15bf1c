package dev.exeat.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/** A program that was started for a measurement, with what it starts itself. Not thread-safe. */
public final class Program implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(15);
    private static final long POLL_NANOS = 500_000;
    private static final int TAIL = 20;

    private final List<String> command;
    private final Process process;
    private final Path output;
    private final long startedAt;

    private Program(List<String> command, Process process, Path output, long startedAt) {
        this.command = command;
        this.process = process;
        this.output = output;
        this.startedAt = startedAt;
    }

    /**
     * Starts it.
     *
     * @param directory where it runs
     * @param output the file that gets its standard output and standard error
     */
    public static Program start(List<String> command, Path directory, Path output) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            long startedAt = System.nanoTime();
            return new Program(List.copyOf(command), builder.start(), output, startedAt);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", command), e);
        }
    }

    /** Runs a program to its end and returns what it wrote; its exit code doesn't matter. */
    public static String outputOf(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Waits until a port of 127.0.0.1 accepts.
     *
     * @return how long after the program's start that was, to half a millisecond
     */
    public Duration awaitPort(int port) {
        long deadline = startedAt + START.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return Duration.ofNanos(System.nanoTime() - startedAt);
            } catch (IOException e) {
                requireAlive("nobody listens on port " + port, deadline);
            }
        }
    }

    /** Waits until a file is there with something in it, and returns its text. */
    public String awaitFile(Path file) {
        long deadline = startedAt + START.toNanos();
        while (true) {
            try {
                if (Files.isRegularFile(file) && Files.size(file) > 0) {
                    return Files.readString(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            requireAlive(file + " was not written", deadline);
        }
    }

    private void requireAlive(String complaint, long deadline) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
            throw new IllegalStateException(
                    String.join(" ", command) + ": " + complaint + "; its last words:\n" + lastWords());
        }
        LockSupport.parkNanos(POLL_NANOS);
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(output);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException e) {
            return "(none)";
        }
    }

    /** CPU time that it and its living children have taken so far, in nanoseconds, in steps of 10 ms. */
    public long cpuNanos() {
        return pids().map(ProcFile::cpuNanos).sum();
    }

    /** Memory that it and its living children hold in RAM. */
    public long residentOctets() {
        return pids().map(ProcFile::residentOctets).sum();
    }

    private LongStream pids() {
        return LongStream.concat(
                LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid));
    }

    /** Ends it politely, and at once if it doesn't. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
