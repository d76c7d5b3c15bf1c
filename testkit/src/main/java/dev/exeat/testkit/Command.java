package dev.exeat.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real program with its arguments and surroundings, to be run to its end or left in the background. Not thread-safe. */
public final class Command {
    /** Not virtual ones: a read of a pipe holds its carrier, and a machine with few cores has few carriers. */
    private static final ThreadFactory READERS =
            Thread.ofPlatform().daemon().name("output").factory();

    private final List<String> words;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private byte[] input = {};
    private Duration timeout = Duration.ofSeconds(30);
    private @Nullable Path directory;

    private Command(List<String> words) {
        this.words = List.copyOf(words);
    }

    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(words);
    }

    /** The program and its arguments. */
    public List<String> words() {
        return words;
    }

    /** The same program with further arguments behind. */
    public Command with(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        Command command = new Command(all);
        command.environment.putAll(environment);
        command.input = input;
        command.timeout = timeout;
        command.directory = directory;
        return command;
    }

    public Command in(Path workingDirectory) {
        this.directory = workingDirectory;
        return this;
    }

    public Command env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Command stdin(String text) {
        this.input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** How long {@link #run()} waits before it kills the program; 30 seconds by default. */
    public Command timeout(Duration limit) {
        this.timeout = limit;
        return this;
    }

    /** Runs it to its end and captures all it wrote. */
    public CommandRun run() {
        long started = System.nanoTime();
        Process process = launch();
        CompletableFuture<String> out = readAll(process.getInputStream());
        CompletableFuture<String> err = readAll(process.getErrorStream());
        feed(process);
        boolean ended = waitFor(process, timeout);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            waitFor(process, Duration.ofSeconds(5));
        }
        int exit = ended ? process.exitValue() : CommandRun.TIMED_OUT;
        return new CommandRun(words, exit, out.join(), err.join(), Duration.ofNanos(System.nanoTime() - started));
    }

    /** Starts it in the background; the caller closes it. */
    public BackgroundProcess start() {
        Process process = launch();
        feed(process);
        return new BackgroundProcess(words, process);
    }

    static boolean waitFor(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Process launch() {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + words.getFirst(), e);
        }
    }

    private void feed(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // The program ended without reading; its exit code and output tell why.
        }
    }

    static Thread readLater(Runnable reader) {
        Thread thread = READERS.newThread(reader);
        thread.start();
        return thread;
    }

    private static CompletableFuture<String> readAll(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Command::readLater);
    }
}
