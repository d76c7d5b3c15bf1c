package dev.exeat.it.faults;

import java.util.List;

/** What became of many visits. */
record Visits(List<Visit> all) {
    int count() {
        return all.size();
    }

    long failed() {
        return all.stream().filter(visit -> !visit.delivered()).count();
    }

    /** Those that began in this time, by {@code System.nanoTime()}. */
    Visits begunBetween(long from, long to) {
        return new Visits(all.stream()
                .filter(visit -> visit.began() - from >= 0 && visit.began() - to < 0)
                .toList());
    }

    Visits by(Route route) {
        return new Visits(all.stream().filter(visit -> visit.route() == route).toList());
    }

    /** From its begin to its end, in milliseconds. */
    double slowestMillis() {
        return all.stream()
                        .mapToLong(visit -> visit.ended() - visit.began())
                        .max()
                        .orElse(0)
                / 1e6;
    }

    /** The share {@code of} of the times to the first octet, in milliseconds. */
    double firstOctet(double of) {
        List<Long> times =
                all.stream().map(Visit::firstOctet).filter(nanos -> nanos >= 0).toList();
        return Load.quantile(times, of) / 1e6;
    }

    /** The first that failed, as text for people, or "". */
    String firstFailure() {
        return all.stream()
                .filter(visit -> !visit.delivered())
                .findFirst()
                .map(visit -> "; the first failure: " + visit)
                .orElse("");
    }
}
