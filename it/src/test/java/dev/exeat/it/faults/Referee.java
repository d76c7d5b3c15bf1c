package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Counts what was lost since the last time. Looks while no visit is open. */
final class Referee {
    private static final long IN_FORCE_NANOS = 10_000_000_000L;
    private static final long WRITTEN_NANOS = 3_000_000_000L;

    private final Stand stand;
    private final PolicyWriter policy;
    private final Certificates certificates;
    private final Records records;
    private final Client leaver;
    private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();
    private final Map<Site, BackgroundProcess> listened = new EnumMap<>(Site.class);
    private final Map<Site, Integer> heard = new EnumMap<>(Site.class);
    private final Map<Role, Long> pids = new EnumMap<>(Role.class);
    private final Map<Role, Double> dropped = new EnumMap<>(Role.class);
    private long forgotten;
    private long missingCertificates;

    /**
     * What a fault excuses.
     *
     * @param killed whether a visit was open when its gateway was killed, or ended just before
     * @param truncated whether its client may have seen an end in order too early
     * @param unwritten connections of killed gateways that may have no record
     */
    record Excuse(Predicate<Visit> killed, Predicate<Visit> truncated, Map<Role, Long> unwritten) {
        static final Excuse NONE = new Excuse(visit -> false, visit -> false, Map.of());
    }

    Referee(Scene scene) throws IOException, GeneralSecurityException, InterruptedException {
        this.stand = scene.stand();
        this.policy = scene.policy();
        this.certificates = scene.certificates();
        this.records = new Records(stand, policy.model());
        this.leaver = scene.as("leaver");
        Stand.write(stand.data().resolve("revoked.txt"), "spiffe://" + Stand.TRUST_DOMAIN + "/ns/default/sa/leaver\n");
        long deadline = System.nanoTime() + IN_FORCE_NANOS;
        while (leaverIsCarried(scene) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    void ended(Visit visit) {
        visits.add(visit);
    }

    /** The visits since the last count. */
    List<Visit> visits() {
        return List.copyOf(visits);
    }

    /** The counts since the last time; the visits are forgotten. */
    Losses count(Scene scene, Excuse excuse) throws IOException {
        List<String> details = new ArrayList<>();
        List<Visit> since = visits();
        visits.clear();
        long octets = octets(since, excuse, details);
        long writes = writes(scene, details);
        long lost = certificates.lost();
        long newlyLost = Math.max(0, lost - missingCertificates);
        missingCertificates = lost;
        Records.Found found = recordsOf(since, excuse);
        details.addAll(found.details());
        return new Losses(octets, writes, newlyLost, found.lost(), found.wrong(), details);
    }

    /** Records are on their way for a moment after the end of a connection. */
    private Records.Found recordsOf(List<Visit> since, Excuse excuse) throws IOException {
        long deadline = System.nanoTime() + WRITTEN_NANOS;
        for (Role role : List.of(Role.UP, Role.GATEWAY)) {
            while (stand.metrics(role).sum("exeat_connections_active", "") > 0 && System.nanoTime() < deadline) {
                LockSupport.parkNanos(10_000_000);
            }
        }
        LockSupport.parkNanos(100_000_000);
        Map<Role, Long> newlyDropped = new EnumMap<>(Role.class);
        for (Role role : List.of(Role.UP, Role.GATEWAY)) {
            long pid = stand.process(role).pid();
            double now = stand.metrics(role).sum("exeat_log_dropped_total", "sink=\"records\"");
            Long before = pids.put(role, pid);
            double then = before != null && before == pid ? dropped.getOrDefault(role, 0.0) : 0.0;
            dropped.put(role, now);
            newlyDropped.put(role, (long) (now - then));
        }
        return records.look(new Records.Since(since, excuse.killed(), excuse.unwritten(), newlyDropped));
    }

    private long octets(List<Visit> since, Excuse excuse, List<String> details) {
        Map<Long, Visit> byId = new HashMap<>();
        Set<Visit> wrong = new HashSet<>();
        for (Visit visit : since) {
            byId.put(visit.id(), visit);
            boolean bad = visit.ending() == Ending.CORRUPT || visit.ending() == Ending.TRUNCATED;
            if (bad && !excuse.truncated().test(visit)) {
                wrong.add(visit);
                details.add("octets lost: " + visit);
            }
        }
        long atUpstream = 0;
        for (Site site : Site.values()) {
            for (String line : freshLines(site)) {
                long id = Long.parseLong(line.substring(line.indexOf(' ') + 1));
                Visit visit = byId.get(id);
                if (line.startsWith("corrupt")
                        || visit == null
                        || !excuse.killed().test(visit)) {
                    atUpstream++;
                    details.add("an upstream saw an end in order too early, or other octets: " + line + ", "
                            + (visit == null ? "a client that gave up" : visit));
                }
            }
        }
        return wrong.size() + atUpstream;
    }

    private List<String> freshLines(Site site) {
        BackgroundProcess process = stand.site(site);
        if (listened.put(site, process) != process) {
            heard.put(site, 0);
        }
        List<String> lines = process.stdout();
        List<String> fresh = lines.subList(heard.get(site), lines.size());
        heard.put(site, lines.size());
        return fresh.stream().filter(line -> line.contains(" ")).toList();
    }

    private long writes(Scene scene, List<String> details) {
        long lost = 0;
        if (!policy.confirm(IN_FORCE_NANOS)) {
            lost++;
            details.add("a gateway does not decide by the policy that is written: " + policy.current());
        }
        if (leaverIsCarried(scene)) {
            lost++;
            details.add("a revoked identity is carried");
        }
        long refused = certificates.forgotten() - forgotten;
        forgotten += refused;
        if (refused > 0) {
            details.add(refused + " good tokens were refused");
        }
        return lost + refused;
    }

    private boolean leaverIsCarried(Scene scene) {
        return leaver.visit(new Client.Errand(
                        scene.ids().incrementAndGet(), Route.UP, Site.BYSTANDER.host(), 10, 10, () -> {}))
                .delivered();
    }

    /** Open descriptors of a gateway, for people and for a slope. */
    long descriptors(Role role) {
        try {
            return FewDescriptors.open(stand.process(role).pid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
