package dev.exeat.it.faults;

import dev.exeat.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exeat-faults measure}. */
@CommandLine.Command(
        name = "measure",
        description = "Measure reliability goals one by one; exit code 0 only if all are met on this machine.")
final class MeasureCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "GOAL", description = "Such as G12; all without any.")
    private List<String> goals = new ArrayList<>();

    @Option(names = "--slow-peers", description = "Of G6 (${DEFAULT-VALUE}).")
    private int slowPeers = 2_000;

    @Option(names = "--rate", description = "Good connections a second beside (${DEFAULT-VALUE}).")
    private int rate = 20;

    private List<Measurement> all() {
        return List.of(
                new StartGoal(1_000, Duration.ofSeconds(5)),
                new StartGoal(50_000, Duration.ofSeconds(12)),
                new HostileMixGoal(2 * rate, 30),
                new SlowPeersGoal(rate),
                new HelloCostGoal(),
                new ReloadGoal(100, (int) RunCommand.duration(length).toSeconds()),
                new KillNineGoal(rounds),
                new RecordsGoal(2 * rate, 30),
                new DrainGoal(500),
                new HandOverGoal(6_000, 100),
                new DeadUpstreamGoal(20),
                new DnsDeadGoal(60, 2 * rate),
                new AuthorityDownGoal(rate),
                new ConfigGarbageGoal(200),
                new ClockGoal(20),
                new SoakGoal(RunCommand.duration(length), 2 * rate),
                new BackPressureGoal(200),
                new FairnessGoal(10, 60),
                new FreezeGoal(50, 30),
                new RevocationGoal(20),
                new ApiGoal(10_000, 50, 100, 10));
    }

    @Option(names = "--rounds", description = "Of G9 (${DEFAULT-VALUE}).")
    private int rounds = 10;

    @Option(names = "--for", description = "How long G8 and G19 take, such as 10m or 2h (${DEFAULT-VALUE}).")
    private String length = "2m";

    @Override
    public Integer call() throws Exception {
        boolean met = true;
        for (Measurement measurement : all()) {
            String number = measurement.goal().substring(0, measurement.goal().indexOf(' '));
            if (goals.isEmpty() || goals.contains(number)) {
                Measurement.Figure figure = onFreshStand(measurement);
                met &= figure.met();
                System.out.printf(
                        "%-30s %-7s %s%n", measurement.goal(), figure.met() ? "met" : "MISSED", figure.text());
            }
        }
        return met ? 0 : 1;
    }

    /** Each on processes of its own, so that none feels what another left behind. */
    private Measurement.Figure onFreshStand(Measurement measurement) throws Exception {
        Path directory = Files.createTempDirectory("exeat-measure");
        long seed = new SplittableRandom().nextLong();
        try (Scene scene = Scene.open(directory, seed, slowPeers, measurement.settings())) {
            scene.policy().pause();
            return measurement.measure(scene);
        } finally {
            Command.of("rm", "-rf", directory.toString()).run();
        }
    }
}
