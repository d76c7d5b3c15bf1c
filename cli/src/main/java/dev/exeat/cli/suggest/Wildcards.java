package dev.exeat.cli.suggest;

import dev.exeat.cli.suggest.Evidence.Target;
import dev.exeat.cli.suggest.Evidence.Visits;
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
import java.util.stream.Collectors;

/**
 * Finds domains of which the evidence says that more names will come: many were seen directly below one that a single
 * owner has, and new ones kept coming to the end of the time.
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
     * @param late how many of its names came first in the last part of the time
     */
    record Wildcard(String domain, int port, List<Target> covered, int late) {
        Wildcard {
            covered = List.copyOf(covered);
        }
    }

    /** Those that the evidence carries, none within another. */
    List<Wildcard> of(Map<Target, Visits> targets) {
        SortedMap<Target, List<Target>> byParent = targets.keySet().stream()
                .filter(target -> targets.get(target).passed() > 0)
                .filter(target -> mayStandFor(parent(target.host())))
                .collect(Collectors.groupingBy(
                        target -> new Target(parent(target.host()), target.port()), TreeMap::new, Collectors.toList()));
        Instant late = late(targets.values());
        List<Wildcard> found = new ArrayList<>();
        byParent.forEach((parent, names) -> {
            int coming = (int) names.stream()
                    .filter(name -> targets.get(name).first().isAfter(late))
                    .count();
            if (names.size() >= MANY && coming >= STILL_COMING) {
                found.add(new Wildcard(parent.host(), parent.port(), names, coming));
            }
        });
        return found;
    }

    private static Instant late(Collection<Visits> visits) {
        List<Visits> passed =
                visits.stream().filter(each -> each.passed() > 0).toList();
        Instant first = passed.stream().map(Visits::first).min(Comparator.naturalOrder()).orElse(Instant.EPOCH);
        Instant last = passed.stream().map(Visits::last).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
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
