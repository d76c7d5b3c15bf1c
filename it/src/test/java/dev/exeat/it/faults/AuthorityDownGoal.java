package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * G16: the authority is killed just after the gateway and the workload proxy renewed their certificates of one minute.
 * What goes through both must not notice before these expire; both try again and again from two thirds of their life on,
 * and alarm at four fifths.
 */
record AuthorityDownGoal(int perSecond) implements Measurement {
    private static final int LIFE_SECONDS = 60;
    private static final List<Role> HOLDERS = List.of(Role.GATEWAY, Role.PROXY);
    private static final Duration LONGEST = Duration.ofSeconds(2L * LIFE_SECONDS);

    @Override
    public String goal() {
        return "G16 authority down";
    }

    @Override
    public Stand.Settings settings() {
        return Stand.Settings.DEFAULT.withIdentityFromServer().withUp("--svid-ttl", LIFE_SECONDS + "s");
    }

    /** What one process did without its authority, as parts of its certificate's life since it was renewed. */
    private static final class Watch {
        private final Scene scene;
        private final Role role;
        private final BackgroundProcess process;
        private double end;
        private long renewed;
        private int tries;
        private double firstTry;
        private double alarm;
        private double metric;

        Watch(Scene scene, Role role) {
            this.scene = scene;
            this.role = role;
            this.process = scene.stand().process(role);
            this.end = end();
        }

        private double end() {
            return scene.stand().metrics(role).sum("exeat_svid_not_after_seconds", "");
        }

        /** Whether the certificate is another than at the last look. */
        boolean hasRenewed() {
            double now = end();
            if (now != end) {
                end = now;
                renewed = System.nanoTime();
            }
            return renewed != 0;
        }

        void look() {
            double part = (System.nanoTime() - renewed) / 1e9 / LIFE_SECONDS;
            List<String> failures = process.stderr().stream()
                    .filter(line -> line.contains("cannot renew the SVID") || line.contains("ALARM: the SVID"))
                    .toList();
            tries = failures.size();
            firstTry = firstTry == 0 && tries > 0 ? part : firstTry;
            boolean alarmed = failures.stream().anyMatch(line -> line.contains("ALARM"));
            alarm = alarm == 0 && alarmed ? part : alarm;
            boolean overdue = scene.stand().metrics(role).sum("exeat_svid_overdue", "") > 0;
            metric = metric == 0 && overdue ? part : metric;
        }

        long expiresAt() {
            return renewed + TimeUnit.SECONDS.toNanos(LIFE_SECONDS);
        }

        boolean asItShouldBe() {
            return firstTry >= 0.6 && firstTry <= 0.75 && tries >= 4 && within(alarm) && within(metric);
        }

        private static boolean within(double part) {
            return part >= 0.78 && part <= 0.9;
        }

        @Override
        public String toString() {
            return "%s: first try at %.0f %% of the life, alarm in the log at %.0f %%, in the metrics at %.0f %%, %d tries"
                    .formatted(role, 100 * firstTry, 100 * alarm, 100 * metric, tries);
        }
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Map<Role, Watch> watches = new EnumMap<>(Role.class);
        HOLDERS.forEach(role -> watches.put(role, new Watch(scene, role)));
        List<Watch> all = new ArrayList<>(watches.values());
        try (Steady load = Steady.start(perSecond, () -> scene.visit(Route.PROXY, Site.BYSTANDER.host()))) {
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (!renewedAll(all) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(100_000_000);
            }
            BackgroundProcess up = scene.stand().process(Role.UP);
            up.kill();
            up.awaitExit(Duration.ofSeconds(10));
            long expiry = all.stream().mapToLong(Watch::expiresAt).min().orElseThrow();
            long last = all.stream().mapToLong(Watch::expiresAt).max().orElseThrow();
            while (System.nanoTime() < last + TimeUnit.SECONDS.toNanos(3)) {
                all.forEach(Watch::look);
                LockSupport.parkNanos(200_000_000);
            }
            long back = System.nanoTime();
            scene.stand().start(Role.UP);
            long ready = System.nanoTime();
            while (!scene.visit(Route.PROXY, Site.BYSTANDER.host()).delivered()
                    && System.nanoTime() - ready < LONGEST.toNanos()) {
                LockSupport.parkNanos(50_000_000);
            }
            long served = System.nanoTime() - ready;
            return judge(load.end(), all, new Times(expiry, last, back, served));
        }
    }

    /** By {@code System.nanoTime()}; {@code served} is how long after the authority's return it took. */
    private record Times(long expiry, long last, long back, long served) {}

    /** Asks all of them, so that each knows when it was. */
    private static boolean renewedAll(List<Watch> watches) {
        return watches.stream().filter(Watch::hasRenewed).count() == watches.size();
    }

    private static Figure judge(Visits visits, List<Watch> watches, Times times) {
        long second = TimeUnit.SECONDS.toNanos(1);
        Visits before = new Visits(visits.all().stream()
                .filter(visit -> visit.ended() < times.expiry() - second)
                .toList());
        Visits expired = visits.begunBetween(times.last() + second, times.back());
        long carried = expired.count() - expired.failed();
        boolean met = before.failed() == 0
                && expired.count() > 0
                && carried == 0
                && watches.stream().allMatch(Watch::asItShouldBe)
                && times.served() < 5 * second;
        return new Figure(
                met,
                "certificates of %d s: of %d connections before they expired %d failed, of %d after that %d were carried; %s; %s; served %.1f s after the authority was back"
                                .formatted(
                                        LIFE_SECONDS,
                                        before.count(),
                                        before.failed(),
                                        expired.count(),
                                        carried,
                                        watches.getFirst(),
                                        watches.getLast(),
                                        times.served() / 1e9)
                        + before.firstFailure());
    }
}
