package dev.exeat.it.faults;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * G21: one identity asks for ten times what its limit gives, and another must not notice.
 *
 * @param limit of new tunnels a second; ten times as many handshakes, both ends of them, must fit into the machine
 */
record FairnessGoal(int limit, int seconds) implements Measurement {
    private static final int TIMES = 10;
    private static final double SLOWER = 1.5;

    @Override
    public String goal() {
        return "G21 fairness";
    }

    @Override
    public Stand.Settings settings() {
        String each = String.valueOf(limit);
        return Stand.Settings.DEFAULT.withUp(
                "--connection-rate-per-identity", each, "--connection-burst-per-identity", each);
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        int perSecond = limit / 2;
        Supplier<Visit> good = visit(scene, scene.client());
        Supplier<Visit> greedy = visit(scene, scene.as("issue-1"));
        // What both programs compile while they are new would count as slowness before, and flatter.
        Steady.during(perSecond, seconds / 4, good);
        Steady.during(limit, seconds / 4, greedy);
        Visits before = Steady.during(perSecond, seconds, good);
        Visits greedys;
        Visits beside;
        try (Steady crowd = Steady.start(TIMES * limit, greedy)) {
            TimeUnit.SECONDS.sleep(2);
            beside = Steady.during(perSecond, seconds, good);
            greedys = crowd.end();
        }
        long granted = greedys.count() - greedys.failed();
        double ratio = beside.firstOctet(0.99) / before.firstOctet(0.99);
        return new Figure(
                beside.failed() == 0 && ratio <= SLOWER && greedys.failed() > 0,
                ("one identity began %d tunnels at %d a second and got %d; of another's %d, %d failed; its first octet"
                                        + " p50 %.1f ms and %.1f before, p99 %.1f and %.1f: %.2f times")
                                .formatted(
                                        greedys.count(),
                                        TIMES * limit,
                                        granted,
                                        beside.count(),
                                        beside.failed(),
                                        beside.firstOctet(0.5),
                                        before.firstOctet(0.5),
                                        beside.firstOctet(0.99),
                                        before.firstOctet(0.99),
                                        ratio)
                        + beside.firstFailure());
    }

    private static Supplier<Visit> visit(Scene scene, Client client) {
        return () -> client.visit(
                new Client.Errand(scene.ids().incrementAndGet(), Route.UP, Site.BYSTANDER.host(), 100, 100, () -> {}));
    }
}
