package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** G8: many changes of the policy a minute under load. Nothing fails but by the policy, and each verdict is a version's. */
record ReloadGoal(int perSecond, int seconds) implements Measurement {
    private static final int A_MINUTE = 100;
    private static final double VISIBLE_MILLIS = 5_000;

    @Override
    public String goal() {
        return "G8 reload";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        AtomicLong turn = new AtomicLong();
        Records records = new Records(scene.stand(), scene.policy().model());
        long begun = scene.policy().current().number();
        Visits visits;
        long late = 0;
        try (Steady load = Steady.start(perSecond, () -> visit(scene, turn.getAndIncrement()))) {
            long next = System.nanoTime();
            long end = next + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                late += scene.policy().change() ? 0 : 1;
                next += TimeUnit.MINUTES.toNanos(1) / A_MINUTE;
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
            }
            visits = load.end();
        }
        TimeUnit.SECONDS.sleep(1);
        List<Visit> failed = visits.all().stream()
                .filter(visit -> !visit.delivered())
                .filter(visit -> visit.route() != Route.PLAIN || visit.ending() != Ending.REFUSED)
                .toList();
        double drops = scene.stand().metrics(Role.UP).sum("exeat_log_dropped_total", "sink=\"records\"");
        Records.Found found =
                records.look(new Records.Since(visits.all(), visit -> false, Map.of(), Map.of(Role.UP, (long) drops)));
        List<Long> effects = scene.policy().effects();
        double slowest = Load.quantile(effects, 1) / 1e6;
        return new Figure(
                failed.isEmpty() && found.lost() == 0 && found.wrong() == 0 && late == 0 && slowest <= VISIBLE_MILLIS,
                ("%d changes in %d s beside %d connections a second: of %d, %d failed but by the policy; %d verdicts that"
                                        + " no version gives, %d records lost; in force after p50 %.0f ms, at most %.0f ms")
                                .formatted(
                                        scene.policy().current().number() - begun,
                                        seconds,
                                        perSecond,
                                        visits.count(),
                                        failed.size(),
                                        found.wrong(),
                                        found.lost(),
                                        Load.quantile(effects, 0.5) / 1e6,
                                        slowest)
                        + (failed.isEmpty() ? "" : "; the first failure: " + failed.getFirst())
                        + (found.details().isEmpty() ? "" : "; " + found.details()));
    }

    /** Four of five by the plain listener, where the policy changes; the fifth over mutual TLS. */
    private static Visit visit(Scene scene, long turn) {
        return turn % 5 == 0
                ? scene.visit(Route.UP, Site.BYSTANDER.host())
                : scene.visit(Route.PLAIN, PolicyModel.host((int) (turn % PolicyModel.HOSTS)));
    }
}
