package dev.exeat.cli.seen;

import dev.exeat.cli.seen.Evidence.Target;
import dev.exeat.cli.seen.Evidence.Visits;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds domains of which the evidence says that more names will come: many were seen directly below one that a single
 * owner has, new ones kept coming to the end of the time, and none below it was denied.
 */
final class Wildcards {
    private static final int MANY = 8;
    private static final int STILL_COMING = 2;
    private static final int LATE_PART = 4;

    private final PublicSuffixes suffixes;

    Wildcards(PublicSuffixes suffixes) {
        this.suffixes = suffixes;
    }

    /**
     * A domain whose names are allowed together.
     *
     * @param covered those that were seen
     * @param late how many of its names came first in the last part of the time
     */
    record Wildcard(String domain, int port, SortedMap<Target, Visits> covered, int late) {}

    /** Those that the evidence carries, none within another. */
    List<Wildcard> of(Map<Target, Visits> targets) {
        SortedMap<Target, SortedMap<Target, Visits>> byParent = new TreeMap<>();
        targets.forEach((target, visits) -> {
            Target parent = new Target(parent(target.host()), target.port());
            if (visits.passed() > 0 && mayStandFor(parent.host())) {
                byParent.computeIfAbsent(parent, _ -> new TreeMap<>()).put(target, visits);
            }
        });
        targets.forEach((target, visits) -> {
            if (visits.denied() > 0) {
                forbid(target, byParent);
            }
        });
        Instant late = late(targets.values());
        List<Wildcard> found = new ArrayList<>();
        byParent.forEach((parent, names) -> {
            int coming = (int) names.values().stream()
                    .filter(visits -> visits.first().isAfter(late))
                    .count();
            if (names.size() >= MANY && coming >= STILL_COMING) {
                found.add(new Wildcard(parent.host(), parent.port(), names, coming));
            }
        });
        return found;
    }

    /** A wildcard is not for a domain below which something was denied: it would allow that. */
    private static void forbid(Target denied, Map<Target, SortedMap<Target, Visits>> byParent) {
        String domain = parent(denied.host());
        while (domain.indexOf('.') > 0) {
            byParent.remove(new Target(domain, denied.port()));
            domain = parent(domain);
        }
    }

    private static Instant late(Collection<Visits> visits) {
        List<Visits> passed = visits.stream().filter(each -> each.passed() > 0).toList();
        Instant first = passed.stream()
                .map(Visits::first)
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        Instant last =
                passed.stream().map(Visits::last).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
        return last.minus(Duration.between(first, last).dividedBy(LATE_PART));
    }

    private static String parent(String host) {
        return host.substring(host.indexOf('.') + 1);
    }

    /** Whoever may register names below it could be reached by a wildcard. */
    private boolean mayStandFor(String domain) {
        return domain.indexOf('.') > 0 && suffixes.kind(domain) == null && suffixes.below(domain) == null;
    }
}
