package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** G9: each process in turn is killed and started again, under load, with a writer of policies and of certificates. */
record KillNineGoal(int rounds) implements Measurement {
    private static final double READY_SECONDS = 5;

    @Override
    public String goal() {
        return "G9 kill -9";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        var settings = new FaultDriver.Settings(Duration.ofSeconds(1), 20, 0, 0, 1);
        List<String> bad = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        scene.policy().resume();
        try (FaultDriver driver = new FaultDriver(scene, settings)) {
            for (int i = 0; i < rounds; i++) {
                KillNine fault = new KillNine(Role.values()[i % Role.values().length]);
                Round round = driver.round(fault);
                starts.add(fault.startNanos());
                if (!round.good()) {
                    bad.add(round.line());
                }
            }
            double slowest = Load.quantile(starts, 1) / 1e9;
            return new Figure(
                    bad.isEmpty() && slowest <= READY_SECONDS,
                    "%d rounds, %d not as they should be; ready after p50 %.1f s, at most %.1f s; %s"
                                    .formatted(
                                            rounds,
                                            bad.size(),
                                            Load.quantile(starts, 0.5) / 1e9,
                                            slowest,
                                            driver.summary())
                            + (bad.isEmpty() ? "" : "\n" + String.join("\n", bad)));
        }
    }
}
