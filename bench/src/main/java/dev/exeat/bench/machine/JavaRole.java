package dev.exeat.bench.machine;

import dev.exeat.bench.load.Job;
import dev.exeat.bench.load.LoadProcess;
import dev.exeat.bench.load.Outcome;
import dev.exeat.bench.upstream.UpstreamProcess;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.ObjectMapper;

/** A process of the benchmark itself, on the load's core, that is spoken to line by line. Not thread-safe. */
public final class JavaRole implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 5;

    private final String name;
    private final Process process;
    private final BufferedReader in;
    private final BufferedWriter out;
    private final String greeting;

    private JavaRole(String name, Process process) {
        this.name = name;
        this.process = process;
        this.in = process.inputReader();
        this.out = process.outputWriter();
        this.greeting = read();
    }

    /** Starts the {@link UpstreamProcess}. */
    public static JavaRole upstream(Cores cores) {
        return start("upstream", UpstreamProcess.class, cores, List.of());
    }

    /** Starts the {@link LoadProcess}. */
    public static JavaRole load(Cores cores, Path chain, Path key, Path roots) {
        return start("load", LoadProcess.class, cores, List.of(chain.toString(), key.toString(), roots.toString()));
    }

    private static JavaRole start(String name, Class<?> main, Cores cores, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=deny",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(cores.loadOnly(command));
            return new JavaRole(
                    name, builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the " + name + " process", e);
        }
    }

    /** The port of the upstream. */
    public int port() {
        return Integer.parseInt(greeting.substring(greeting.indexOf(' ') + 1));
    }

    /** Has the load process do a job, and waits for its end. */
    public Outcome run(Job job) {
        try {
            out.write(JSON.writeValueAsString(job));
            out.newLine();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the " + name + " process is gone", e);
        }
        return JSON.readValue(read(), Outcome.class);
    }

    private String read() {
        try {
            String line = in.readLine();
            if (line == null) {
                throw new IllegalStateException("the " + name + " process has ended; see its words above");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException("the " + name + " process is gone", e);
        }
    }

    /** The end of its input ends it. */
    @Override
    public void close() {
        try {
            out.close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            throw Program.interrupted(e);
        }
    }
}
