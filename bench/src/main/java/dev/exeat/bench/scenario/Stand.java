package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import dev.exeat.bench.load.Outcome;
import dev.exeat.bench.machine.Cores;
import dev.exeat.bench.machine.JavaRole;
import dev.exeat.bench.subject.ExeatProgram;
import dev.exeat.bench.subject.Running;
import dev.exeat.bench.subject.Site;
import dev.exeat.bench.subject.Subject;
import dev.exeat.bench.subject.Subjects;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The test stand: load and upstream run, programs are started on it one scenario after the other. Not thread-safe. */
public final class Stand implements AutoCloseable {

    /**
     * How it is measured.
     *
     * @param rounds of each program
     * @param load how long it lasts in each round
     * @param warmUp how long what is compiled while it runs has to run before it is measured
     * @param peerLogs whether peers write a line for each connection
     * @param directory for everything that programs write
     */
    public record Settings(int rounds, Duration load, Duration warmUp, Cores cores, boolean peerLogs, Path directory) {}

    private static final String TRUST_DOMAIN = "bench.test";

    private final Settings settings;
    private final Subjects subjects;
    private final ExeatProgram exeat;
    private final Consumer<String> progress;
    private final SvidMint certificates;
    private final JavaRole upstream;
    private final JavaRole load;
    private final List<Path> places = new ArrayList<>();
    private int starts;

    public Stand(Settings settings, Subjects subjects, ExeatProgram exeat, Consumer<String> progress) {
        this.settings = settings;
        this.subjects = subjects;
        this.exeat = exeat;
        this.progress = progress;
        this.certificates = SvidMint.mint(made(settings.directory().resolve("certificates")), TRUST_DOMAIN);
        this.upstream = JavaRole.upstream(settings.cores());
        SvidMint.Svid client = certificates.svid("a");
        this.load = JavaRole.load(settings.cores(), client.certificate(), client.key(), certificates.bundle());
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Settings settings() {
        return settings;
    }

    public Subjects subjects() {
        return subjects;
    }

    public ExeatProgram exeat() {
        return exeat;
    }

    /** A place for one start of a program. */
    public Site site(String name) {
        starts++;
        Path directory = made(settings.directory().resolve(String.format("%03d-%s", starts, name)));
        places.add(directory);
        return new Site(directory, upstream.port(), certificates, settings.cores(), settings.peerLogs());
    }

    /** Removes what the programs of the last scenario wrote: records alone are hundreds of megabytes. */
    public void clear() {
        places.forEach(Stand::delete);
        places.clear();
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was measured left files that can't be removed", e);
        }
    }

    public Running start(Subject subject, Door door) {
        return subject.start(site(subject.name()), door);
    }

    /** Starts a program on whichever core is free, as a start is where nobody measures. */
    Running startAnywhere(Subject subject, Door door) {
        Site site = site(subject.name());
        return subject.start(
                new Site(site.directory(), site.upstreamPort(), site.certificates(), Cores.anywhere(), site.peerLogs()),
                door);
    }

    public Outcome load(Job job) {
        return load.run(job);
    }

    /** Tells whoever waits what is being done. */
    public void say(String text) {
        progress.accept(text);
    }

    /** The order of a round: forwards, backwards, backwards, forwards, so that a drift of the machine hits all alike. */
    public static <T> List<T> order(List<T> all, int round) {
        return round % 4 == 0 || round % 4 == 3 ? all : all.reversed();
    }

    @Override
    public void close() {
        load.close();
        upstream.close();
    }
}
