package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts connections by listener, verdict and reason. Most series come into being with their first connection; from
 * then on counting looks up no labels. Thread-safe.
 */
final class ConnectionCounters {
    /** What audit mode lets pass. Shown as 0 before the first, so that a rate knows of that one too. */
    private static final Set<Reason> AUDITABLE = EnumSet.of(Reason.POLICY_DENIED, Reason.POLICY_ERROR);

    private final Map<ListenerKind, Map<Verdict, ByReason>> ended = new EnumMap<>(ListenerKind.class);
    private final ByReason wouldDeny;

    ConnectionCounters(Instruments instruments) {
        Counter connections = instruments.counter(
                "exeat_connections", "Connections that ended, by verdict and reason", "listener", "verdict", "reason");
        for (ListenerKind listener : ListenerKind.values()) {
            Map<Verdict, ByReason> byVerdict = new EnumMap<>(Verdict.class);
            for (Verdict verdict : Verdict.values()) {
                byVerdict.put(verdict, new ByReason(connections, listener.code(), verdict.code()));
            }
            ended.put(listener, byVerdict);
        }
        wouldDeny = new ByReason(instruments.counter(
                "exeat_would_deny", "Connections that passed only because of audit mode", "reason"));
        AUDITABLE.forEach(wouldDeny::show);
    }

    void ended(ListenerKind listener, Ruling ruling) {
        byReason(listener, ruling.verdict()).inc(ruling.reason());
        if (ruling.wouldDeny() != null) {
            wouldDeny.inc(ruling.wouldDeny());
        }
    }

    /** @param reason null where it was carried */
    void workloadEnded(ListenerKind listener, @Nullable Reason reason) {
        byReason(listener, reason == null ? Verdict.ALLOWED : Verdicts.of(reason))
                .inc(reason);
    }

    private ByReason byReason(ListenerKind listener, Verdict verdict) {
        return Objects.requireNonNull(
                Objects.requireNonNull(ended.get(listener)).get(verdict));
    }

    /** The series of some labels and each reason. */
    private static final class ByReason {
        private final Series none;
        private final Map<Reason, Series> reasons = new EnumMap<>(Reason.class);

        ByReason(Counter counter, String... labels) {
            none = new Series(counter, labels, "");
            for (Reason reason : Reason.values()) {
                reasons.put(reason, new Series(counter, labels, reason.code()));
            }
        }

        void inc(@Nullable Reason reason) {
            of(reason).point().inc();
        }

        void show(Reason reason) {
            of(reason).point();
        }

        private Series of(@Nullable Reason reason) {
            return reason == null ? none : reasons.getOrDefault(reason, none);
        }
    }

    /** One series, which shows from the time on that its point is first asked for. */
    private static final class Series {
        private final Counter counter;
        private final String[] labels;
        private volatile @Nullable CounterDataPoint point;

        Series(Counter counter, String[] first, String last) {
            this.counter = counter;
            this.labels = Arrays.copyOf(first, first.length + 1);
            this.labels[first.length] = last;
        }

        CounterDataPoint point() {
            CounterDataPoint found = point;
            if (found == null) {
                found = counter.labelValues(labels);
                point = found;
            }
            return found;
        }
    }
}
