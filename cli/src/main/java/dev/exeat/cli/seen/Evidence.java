package dev.exeat.cli.seen;

import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.MinuteSum.Group;
import dev.exeat.model.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was seen of each identity: where it went, how often, first and last, and what was refused. Not thread-safe. */
final class Evidence {
    private static final String WOULD_DENY = "would-deny";
    private static final String DENIED = "denied";
    /** Denials of what a client really asked for. */
    private static final List<String> AFTER_A_NAME = Stream.of(
                    Reason.HOST_UNKNOWN,
                    Reason.POLICY_DENIED,
                    Reason.POLICY_ERROR,
                    Reason.ADDRESS_FORBIDDEN,
                    Reason.SELF_CONNECTION)
            .map(Reason::code)
            .toList();

    private final SortedMap<String, Seen> identities = new TreeMap<>();
    private long anonymous;

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
        private long wouldDeny;
        private long denied;
        private String refusal = "";
        private @Nullable Instant attempted;
        private @Nullable Instant first;
        private @Nullable Instant last;

        private void add(MinuteSum sum) {
            Group group = sum.group();
            attempted = attempted == null || sum.minute().isBefore(attempted) ? sum.minute() : attempted;
            if (group.verdict().equals(DENIED)) {
                denied += sum.count();
                refusal = group.reason();
                return;
            }
            passed += sum.count();
            wouldDeny += group.verdict().equals(WOULD_DENY) ? sum.count() : 0;
            first = first == null || sum.minute().isBefore(first) ? sum.minute() : first;
            last = last == null || sum.minute().isAfter(last) ? sum.minute() : last;
        }

        /** Connections that a policy let pass, also those that passed only because of an audit. */
        long passed() {
            return passed;
        }

        long wouldDeny() {
            return wouldDeny;
        }

        long denied() {
            return denied;
        }

        /** The reason of the last denial. */
        String refusal() {
            return refusal;
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
        private @Nullable Instant lastWouldDeny;
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

        private void add(MinuteSum sum) {
            Group group = sum.group();
            targets.computeIfAbsent(new Target(group.host(), group.port()), _ -> new Visits())
                    .add(sum);
            first = first == null || sum.minute().isBefore(first) ? sum.minute() : first;
            if (group.verdict().equals(WOULD_DENY)
                    && (lastWouldDeny == null || sum.minute().isAfter(lastWouldDeny))) {
                lastWouldDeny = sum.minute();
            }
        }
    }

    void add(MinuteSum sum) {
        Group group = sum.group();
        if (group.identity().isEmpty()) {
            anonymous += sum.count();
        } else if (!group.verdict().equals(DENIED) || AFTER_A_NAME.contains(group.reason())) {
            identities.computeIfAbsent(group.identity(), _ -> new Seen()).add(sum);
        }
    }

    /** By SPIFFE ID. */
    Map<String, Seen> identities() {
        return identities;
    }

    /** Connections without an identity, for which no policy by identity can be made. */
    long anonymous() {
        return anonymous;
    }
}
