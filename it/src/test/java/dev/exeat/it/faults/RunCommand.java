package dev.exeat.it.faults;

import dev.exeat.testkit.Command;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code exeat-faults run}. */
@CommandLine.Command(name = "run", description = "Inflict faults for a while; exit code 0 only if nothing was lost.")
final class RunCommand implements Callable<Integer> {
    @Option(names = "--seed", description = "For the same faults in the same order again (random).")
    private long seed = new SplittableRandom().nextInt(1_000_000);

    @Option(names = "--for", description = "How long, such as 2m or 8h (${DEFAULT-VALUE}).")
    private String length = "2m";

    @Option(names = "--hold", description = "The longest time that a fault lasts, in seconds (${DEFAULT-VALUE}).")
    private double hold = 2;

    @Option(names = "--rate", description = "Visits a second (${DEFAULT-VALUE}).")
    private int rate = 20;

    @Option(names = "--slow-peers", description = "How many (${DEFAULT-VALUE}).")
    private int slowPeers = 2_000;

    @Option(names = "--resets", description = "Connections of a reset storm (${DEFAULT-VALUE}).")
    private int resets = 1_000;

    @Option(names = "--garbage", description = "Broken manifests at a time (${DEFAULT-VALUE}).")
    private int garbage = 20;

    @Option(names = "--hello-timeout", description = "Of the gateways, in seconds (${DEFAULT-VALUE}).")
    private int helloTimeout = 10;

    @Option(names = "--slack", description = "Times the goals' figures that recovery may take (${DEFAULT-VALUE}).")
    private int slack = 1;

    @Option(
            names = "--clock-steps",
            description = "Set the gateway's clock too, by a library that the C compiler makes.")
    private boolean clockSteps;

    @Option(names = "--only", split = ",", description = "Only faults whose name begins so.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--keep", description = "Leave the directory with logs.")
    private boolean keep;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        Path directory = Files.createTempDirectory("exeat-faults");
        out.printf("seed %d, directory %s%n", seed, directory);
        var settings = new FaultDriver.Settings(Duration.ofMillis((long) (hold * 1000)), rate, resets, garbage, slack);
        Stand.Settings stand = Stand.Settings.DEFAULT.withHelloTimeout(Duration.ofSeconds(helloTimeout));
        List<Round> bad = new ArrayList<>();
        Map<String, Integer> rounds = new HashMap<>();
        try (Scene scene = Scene.open(directory, seed, slowPeers, clockSteps ? stand.withClockSteps() : stand);
                FaultDriver driver = new FaultDriver(scene, settings)) {
            long end = System.nanoTime() + duration(length).toNanos();
            List<Fault> deck = new ArrayList<>();
            while (System.nanoTime() < end) {
                while (deck.isEmpty() && System.nanoTime() < end) { // A name may be one of a few that take turns.
                    deck.addAll(driver.deck());
                    deck.removeIf(fault -> !only.isEmpty() && only.stream().noneMatch(fault.name()::startsWith));
                }
                if (deck.isEmpty()) {
                    break;
                }
                Fault fault = deck.removeFirst();
                String impossible = fault.impossible(scene);
                if (!impossible.isEmpty()) {
                    out.printf("%-20s left out: %s%n", fault.name(), impossible);
                    continue;
                }
                Round round = driver.round(fault);
                rounds.merge(fault.name(), 1, Integer::sum);
                out.println(round.line());
                if (!round.good()) {
                    bad.add(round);
                }
            }
            out.println(driver.summary());
        } finally {
            if (!keep) {
                Command.of("rm", "-rf", directory.toString()).run();
            }
        }
        int all = rounds.values().stream().mapToInt(Integer::intValue).sum();
        out.printf(
                Locale.ROOT,
                "seed %d: %d faults of %d kinds, %d not as they should be%n",
                seed,
                all,
                rounds.size(),
                bad.size());
        return bad.isEmpty() && all > 0 ? 0 : 1;
    }

    static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
}
