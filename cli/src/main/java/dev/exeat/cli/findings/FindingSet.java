package dev.exeat.cli.findings;

import dev.exeat.flow.query.Flow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers connections that stand out, by how, who and where to. Callers choose the hosts, so that only so many are told apart. Not thread-safe. */
final class FindingSet {
    private static final int MOST = 100_000;

    private final Map<Key, Sum> sums = new HashMap<>();

    private record Key(Kind kind, Pair pair) {}

    private static final class Sum {
        private long count;
        private Instant first;
        private Instant last;
        private String example;
        private String detail;

        Sum(Flow flow, String detail) {
            this.first = flow.time();
            this.last = flow.time();
            this.example = flow.id();
            this.detail = detail;
        }

        void add(Flow flow, String how) {
            count++;
            if (flow.time().isBefore(first)) {
                first = flow.time();
                example = flow.id();
                detail = how;
            }
            last = flow.time().isAfter(last) ? flow.time() : last;
        }
    }

    void add(Kind kind, Pair pair, Flow flow, String detail) {
        Key key = new Key(kind, pair);
        if (!sums.containsKey(key) && sums.size() >= MOST) {
            key = new Key(kind, pair.folded());
        }
        sums.computeIfAbsent(key, _ -> new Sum(flow, detail)).add(flow, detail);
    }

    /** By kind, the earliest first. */
    List<Finding> all() {
        List<Finding> all = new ArrayList<>();
        sums.forEach((key, sum) ->
                all.add(new Finding(key.kind(), key.pair(), sum.count, sum.first, sum.last, sum.example, sum.detail)));
        all.sort(Comparator.comparing(Finding::kind)
                .thenComparing(Finding::first)
                .thenComparing(Finding::example));
        return all;
    }
}
