package dev.exeat.it.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * G14: a name server that is silent for a while, which is worse than one that refuses, and then gone. Known names are
 * served as before, new ones fail in time, and come back soon.
 */
record DnsDeadGoal(int seconds, int perSecond) implements Measurement {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final double LATE_MILLIS = 5_500;
    private static final double SLOWER = 1.2;

    @Override
    public String goal() {
        return "G14 DNS dead";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        AtomicLong turn = new AtomicLong();
        Steady.during(perSecond, seconds / 4, () -> visit(scene, turn));
        Visits before = Steady.during(perSecond, seconds / 2, () -> visit(scene, turn));
        Visits meanwhile;
        Visits fresh;
        try (Steady load = Steady.start(perSecond, () -> visit(scene, turn))) {
            long dead = System.nanoTime();
            scene.stand().dns().answeringAfter(NEVER);
            fresh = Steady.during(
                    1, seconds, () -> scene.visit(Route.UP, "new-" + scene.ids().incrementAndGet() + ".load.test"));
            long alive = System.nanoTime();
            meanwhile = load.end().begunBetween(dead, alive);
        }
        DnsDead fault = new DnsDead();
        fault.inflict(scene);
        long back = System.nanoTime();
        fault.undo(scene);
        long recovery = System.nanoTime() - back;
        Visits known = meanwhile.by(Route.UP);
        Visits others = meanwhile.by(Route.PLAIN);
        double slowest = fresh.slowestMillis();
        double ratio = others.firstOctet(0.99) / before.by(Route.PLAIN).firstOctet(0.99);
        List<String> complaints = fault.complaints(scene);
        return new Figure(
                meanwhile.failed() == 0
                        && fresh.failed() == fresh.count()
                        && slowest <= LATE_MILLIS
                        && ratio <= SLOWER
                        && complaints.isEmpty(),
                ("%d s: known names: %d of %d failed, first octet p50 %.1f ms, p99 %.1f, before %.1f and %.1f; fixed"
                                        + " addresses: %d of %d failed, p99 %.1f ms, before %.1f: %.2f times; %d of %d new names"
                                        + " failed, the last after %.2f s; a new name was served %d ms after the return")
                                .formatted(
                                        seconds,
                                        known.failed(),
                                        known.count(),
                                        known.firstOctet(0.5),
                                        known.firstOctet(0.99),
                                        before.by(Route.UP).firstOctet(0.5),
                                        before.by(Route.UP).firstOctet(0.99),
                                        others.failed(),
                                        others.count(),
                                        others.firstOctet(0.99),
                                        before.by(Route.PLAIN).firstOctet(0.99),
                                        ratio,
                                        fresh.failed(),
                                        fresh.count(),
                                        slowest / 1_000,
                                        recovery / 1_000_000)
                        + meanwhile.firstFailure()
                        + (complaints.isEmpty() ? "" : "; " + complaints));
    }

    /** To the two upstreams by their names, and as often to a host whose address is fixed. */
    private static Visit visit(Scene scene, AtomicLong turn) {
        return switch ((int) (turn.getAndIncrement() % 4)) {
            case 0 -> scene.visit(Route.UP, Site.VICTIM.host());
            case 1 -> scene.visit(Route.UP, Site.BYSTANDER.host());
            default -> scene.visit(Route.PLAIN, PolicyModel.host(0));
        };
    }
}
