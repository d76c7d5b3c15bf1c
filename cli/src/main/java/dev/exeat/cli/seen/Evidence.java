package dev.exeat.cli.seen;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.PolicyReasons;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.MinuteSum.Group;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What was seen of each identity: where it went, how often, first and last, and what was refused. Not thread-safe. */
final class Evidence {
    private final SortedMap<String, Seen> identities = new TreeMap<>();
    private final Seen anonymous = new Seen();

    /** Where to, by name and port. */
    record Target(String host, int port) implements Comparable<Target> {
        @Override
        public int compareTo(Target other) {
            int order = host.compareTo(other.host);
            return order != 0 ? order : Integer.compare(port, other.port);
        }
    }

    /** What happened with one target. */
    static final class Visits {
        private long passed;
        private long carried;
        private long wouldDeny;
        private long denied;
        private String refusal = "";
        private @Nullable Instant attempted;
        private @Nullable Instant first;
        private @Nullable Instant last;
        private @Nullable Instant lastDenied;
        private @Nullable Instant lastRefused;

        private void add(MinuteSum sum) {
            Group group = sum.group();
            attempted = earlier(attempted, sum.minute());
            if (isDenied(group)) {
                deny(sum);
                return;
            }
            passed += sum.count();
            carried += group.verdict().equals(Verdict.FAILED.code()) ? 0 : sum.count();
            wouldDeny += group.verdict().equals(Flow.WOULD_DENY) ? sum.count() : 0;
            first = earlier(first, sum.minute());
            last = later(last, sum.minute());
        }

        private void deny(MinuteSum sum) {
            String reason = sum.group().reason();
            denied += sum.count();
            lastDenied = later(lastDenied, sum.minute());
            refusal = lastDenied.equals(sum.minute()) ? reason : refusal;
            lastRefused = PolicyReasons.isRefusal(reason) ? later(lastRefused, sum.minute()) : lastRefused;
        }

        /** Connections that a policy let pass, also those that passed only because of an audit or could not be carried. */
        long passed() {
            return passed;
        }

        /** Those of them that reached the target. */
        long carried() {
            return carried;
        }

        long wouldDeny() {
            return wouldDeny;
        }

        long denied() {
            return denied;
        }

        /** Whether a policy ever denied it. */
        boolean isRefused() {
            return lastRefused != null;
        }

        /** Whether a policy denied it in a later minute than the last in which one let it pass. */
        boolean isRefusedSince() {
            return lastRefused != null && lastRefused.isAfter(last());
        }

        /** The reason of the last denial. */
        String refusal() {
            return refusal;
        }

        /** The minute of the last denial; only where there is one. */
        Instant lastDenied() {
            return lastDenied == null ? Instant.EPOCH : lastDenied;
        }

        /** The minute of the first, whatever became of it. */
        Instant attempted() {
            return attempted == null ? Instant.EPOCH : attempted;
        }

        /** The minute of the first that passed; only where one did. */
        Instant first() {
            return first == null ? Instant.EPOCH : first;
        }

        /** The minute of the last that passed; only where one did. */
        Instant last() {
            return last == null ? Instant.EPOCH : last;
        }
    }

    /** What was seen of one identity. */
    static final class Seen {
        private final SortedMap<Target, Visits> targets = new TreeMap<>();
        private final SortedSet<LocalDate> days = new TreeSet<>();
        private @Nullable Instant lastWouldDeny;
        private @Nullable Instant last;
        private @Nullable Instant first;

        /** By target. */
        Map<Target, Visits> targets() {
            return targets;
        }

        /** The minute in which a connection passed last only because of an audit; null if none did. */
        @Nullable
        Instant lastWouldDeny() {
            return lastWouldDeny;
        }

        /** On how many days (UTC) a connection passed, those after the day of the last that would have been denied. */
        long cleanDays() {
            return lastWouldDeny == null
                    ? days.size()
                    : days.tailSet(day(lastWouldDeny).plusDays(1)).size();
        }

        /** Whether a connection passed after the last that would have been denied. */
        boolean isSeenSince() {
            return last != null && (lastWouldDeny == null || last.isAfter(lastWouldDeny));
        }

        /** The minute of the first connection. */
        Instant first() {
            return first == null ? Instant.EPOCH : first;
        }

        long passed() {
            return targets.values().stream().mapToLong(Visits::passed).sum();
        }

        long wouldDeny() {
            return targets.values().stream().mapToLong(Visits::wouldDeny).sum();
        }

        /** All, also those that were denied. */
        long attempts() {
            return passed()
                    + targets.values().stream().mapToLong(Visits::denied).sum();
        }

        private void add(MinuteSum sum) {
            Group group = sum.group();
            targets.computeIfAbsent(new Target(group.host(), group.port()), _ -> new Visits())
                    .add(sum);
            first = earlier(first, sum.minute());
            if (group.verdict().equals(Flow.WOULD_DENY)) {
                lastWouldDeny = later(lastWouldDeny, sum.minute());
            }
            if (!isDenied(group)) {
                last = later(last, sum.minute());
                days.add(day(sum.minute()));
            }
        }

        private static LocalDate day(Instant minute) {
            return LocalDate.ofInstant(minute, ZoneOffset.UTC);
        }
    }

    private static boolean isDenied(Group group) {
        return group.verdict().equals(Verdict.DENIED.code());
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    /** Takes no notice of what ended before any policy was asked. */
    void add(MinuteSum sum) {
        String identity = sum.group().identity();
        if (sum.group().judged()) {
            (identity.isEmpty() ? anonymous : identities.computeIfAbsent(identity, _ -> new Seen())).add(sum);
        }
    }

    /** By SPIFFE ID. */
    Map<String, Seen> identities() {
        return identities;
    }

    /** What was seen of all clients without an identity, for which no policy by identity can be made. */
    Seen anonymous() {
        return anonymous;
    }
}
