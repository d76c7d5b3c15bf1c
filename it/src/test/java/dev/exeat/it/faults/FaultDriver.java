package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Inflicts one fault after the other on a mesh under load, and after each, when the mesh has recovered and all visits
 * have ended, counts what was lost.
 */
final class FaultDriver implements AutoCloseable {
    private static final long WRITTEN_AT_ONCE_NANOS = 200_000_000;
    private static final long SETTLE_MILLIS = 45_000;
    private static final int SPARE_DESCRIPTORS = 64;

    private final Settings settings;
    private final Scene scene;
    private final Referee referee;
    private final Load load;
    private final Map<Role, Long> firstDescriptors = new EnumMap<>(Role.class);

    /**
     * @param hold the longest time that a fault lasts, where it does not say itself
     * @param slack how many times longer than the goal something may take on a busy machine
     */
    record Settings(Duration hold, int perSecond, int resets, int garbageFiles, int slack) {
        Duration recovery() {
            return Duration.ofSeconds(5L * slack);
        }
    }

    /** @param scene that the caller closes */
    FaultDriver(Scene scene, Settings settings) throws IOException, GeneralSecurityException, InterruptedException {
        this.settings = settings;
        this.scene = scene;
        this.referee = new Referee(scene);
        this.load = new Load(scene.client(), scene.random().nextLong(), scene.ids(), referee::ended);
        load.start(settings.perSecond());
    }

    /** Every kind of fault once, in an order of the seed's. */
    List<Fault> deck() {
        SplittableRandom random = scene.random();
        Role gateway = random.nextBoolean() ? Role.UP : Role.GATEWAY;
        int[] steps = {10, -10, 3600, -3600};
        List<Fault> faults = new ArrayList<>(List.of(
                new KillNine(gateway),
                new KillNine(Role.PROXY),
                new Freeze(random.nextBoolean() ? Role.UP : Role.GATEWAY),
                new Terminate(Role.UP),
                new Succession(random.nextBoolean() ? Role.UP : Role.GATEWAY),
                new UpstreamDead(),
                new UpstreamHangs(),
                new DnsDead(),
                new DnsSlow(),
                new DnsLies(),
                new ResetStorm(settings.resets()),
                new LogFull(),
                new StoreFull(),
                new ManifestGarbage(settings.garbageFiles()),
                new BundleGarbage(),
                new ClockStep(steps[random.nextInt(steps.length)]),
                new FewDescriptors(),
                new SlowPeers()));
        for (int i = faults.size() - 1; i > 0; i--) {
            java.util.Collections.swap(faults, i, random.nextInt(i + 1));
        }
        return faults;
    }

    /** One round; the load goes on after it. */
    Round round(Fault fault) throws Exception {
        long inflicted = System.nanoTime();
        fault.inflict(scene);
        Map<Role, Long> unwritten = unwritten(fault.tolerance(), inflicted);
        hold();
        fault.undo(scene);
        long undone = System.nanoTime();
        List<String> complaints = new ArrayList<>();
        if (!awaitRecovery(undone)) {
            complaints.add("not recovered within " + settings.recovery().toSeconds() + " s");
        }
        long recovered = System.nanoTime();
        complaints.addAll(fault.complaints(scene));
        if (!load.settle(SETTLE_MILLIS)) {
            complaints.add("visits that never end: " + load.open());
        }
        List<Visit> visits = referee.visits();
        int tolerated = 0;
        int late = 0;
        for (Visit visit : visits) {
            boolean meanwhile = visit.began() < recovered && visit.ended() > inflicted;
            if (failed(visit) && meanwhile && fault.mayFail(visit, inflicted)) {
                tolerated++;
            } else if (failed(visit) && Machine.mayHaveDelayed(visit)) {
                late++;
            } else if (failed(visit) && complaints.size() < 8) {
                complaints.add("failed: " + visit + ", begun " + (visit.began() - inflicted) / 1_000_000
                        + " ms after the fault");
            }
        }
        Tolerance tolerance = fault.tolerance();
        Losses losses = referee.count(
                scene,
                new Referee.Excuse(
                        visit -> visit.ended() > inflicted - WRITTEN_AT_ONCE_NANOS && tolerance.mayLackRecord(visit),
                        visit -> visit.ended() > inflicted && tolerance.mayTruncate(visit),
                        unwritten));
        String descriptors = checkDescriptors(complaints);
        load.resume();
        return new Round(
                fault.name(),
                Duration.ofNanos(undone - inflicted),
                Duration.ofNanos(recovered - undone),
                visits.size(),
                tolerated,
                late,
                descriptors,
                losses,
                complaints);
    }

    /** A visit to a host of the model may be refused; whether it should have been, the records tell. */
    private static boolean failed(Visit visit) {
        return !visit.delivered() && !(visit.route() == Route.PLAIN && visit.ending() == Ending.REFUSED);
    }

    /** Connections of a killed gateway that were open, or had ended just before. */
    private Map<Role, Long> unwritten(Tolerance tolerance, long inflicted) {
        Map<Role, Long> unwritten = new EnumMap<>(Role.class);
        for (Role role : tolerance.killed()) {
            long ended = referee.visits().stream()
                    .filter(visit -> visit.route().recorder() == role)
                    .filter(visit -> visit.ended() > inflicted - WRITTEN_AT_ONCE_NANOS)
                    .count();
            unwritten.put(role, load.open(role) + ended);
        }
        return unwritten;
    }

    private void hold() {
        long nanos = settings.hold().toNanos();
        LockSupport.parkNanos(nanos / 2 + scene.random().nextLong(nanos / 2 + 1));
    }

    private boolean awaitRecovery(long undone) throws InterruptedException {
        List<Thread> canaries = new ArrayList<>();
        boolean[] late = new boolean[1];
        for (Route route : Route.values()) {
            for (Site site : route == Route.PLAIN ? new Site[] {Site.BYSTANDER} : Site.values()) {
                canaries.add(Thread.ofVirtual().start(() -> {
                    if (!comesBack(route, site, undone)) {
                        late[0] = true;
                    }
                }));
            }
        }
        for (Thread canary : canaries) {
            canary.join();
        }
        return !late[0];
    }

    private boolean comesBack(Route route, Site site, long undone) {
        String host = route == Route.PLAIN ? PolicyModel.host(0) : site.host();
        while (failed(scene.visit(route, host))) {
            if (System.nanoTime() - undone > settings.recovery().toNanos()) {
                return false;
            }
            LockSupport.parkNanos(30_000_000);
        }
        return true;
    }

    private String checkDescriptors(List<String> complaints) {
        StringBuilder text = new StringBuilder();
        for (Role role : List.of(Role.UP, Role.GATEWAY)) {
            long now = referee.descriptors(role);
            long first = firstDescriptors.computeIfAbsent(role, any -> now);
            if (now > first + SPARE_DESCRIPTORS) {
                complaints.add(role + " has " + now + " descriptors open and had " + first);
            }
            text.append(text.isEmpty() ? "" : "/").append(now);
        }
        return text.toString();
    }

    /** What the driver did beside: for people. */
    String summary() {
        return "visits begun " + load.started() + ", certificates "
                + scene.certificates().handedOut()
                + ", versions of the policy " + scene.policy().current().number() + ", effect within p50 "
                + Load.quantile(scene.policy().effects(), 0.5) / 1_000_000 + " ms, p99 "
                + Load.quantile(scene.policy().effects(), 0.99) / 1_000_000 + " ms";
    }

    @Override
    public void close() {
        load.close();
    }
}
