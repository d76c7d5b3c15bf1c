package dev.exeat.cli.rules;

import dev.exeat.cli.answer.Question;
import dev.exeat.cli.cases.Coverage;
import dev.exeat.flow.query.Attempts;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.MinuteSum.Group;
import dev.exeat.model.Attempt;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.DecisionTrace;
import dev.exeat.policy.Snapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rules the connections of the past needed: those that a record names, and those that match an attempt when it is
 * judged again. Of each client and target one attempt is judged, the latest that comes. Not thread-safe.
 */
final class Usage {
    /** An address that nobody has (RFC 5737), for attempts of which only a sum is left. */
    private static final IpAddress UNKNOWN = IpAddress.parse("192.0.2.1");

    /** Judging with a trace looks at every rule; this many looks take some seconds. */
    private static final long LOOKS = 50_000_000;

    private static final int LEAST_ATTEMPTS = 1_000;

    private final Snapshot snapshot;
    private final Coverage coverage;
    private final long most;
    private final Attempts attempts = new Attempts();
    private final Map<Target, Attempt> latest = new HashMap<>();
    private final Set<String> named = new HashSet<>();
    private long leftOut;

    private record Target(String identity, String address, String host, int port) {}

    Usage(Snapshot snapshot, Collection<ObjectKey> objects) {
        this.snapshot = snapshot;
        this.coverage = new Coverage(snapshot, objects);
        this.most = Math.max(LEAST_ATTEMPTS, LOOKS / Math.max(1, snapshot.rules()));
    }

    /** A connection that a record tells of. */
    void add(Flow flow) {
        if (!flow.rule().isNone()) {
            named.add(flow.rule() + "[" + flow.rule().index() + "]");
        }
        Attempt attempt = attempts.of(flow);
        if (attempt != null) {
            String identity = flow.who().identity();
            add(
                    new Target(
                            identity,
                            identity.isEmpty() ? flow.who().address() : "",
                            flow.what().host(),
                            flow.what().port()),
                    attempt);
        }
    }

    /** Connections of which a sum is left. */
    void add(MinuteSum sum) {
        Group group = sum.group();
        if (!group.rule().isEmpty()) {
            named.add(group.rule());
        }
        Attempt attempt = attempt(sum);
        if (attempt != null) {
            add(new Target(group.identity(), "", group.host(), group.port()), attempt);
        }
    }

    /** Null of a client without an identity, whose address no sum tells, and of what no policy was asked about. */
    private static @Nullable Attempt attempt(MinuteSum sum) {
        Group group = sum.group();
        if (!group.judged() || group.identity().isEmpty() || group.host().equals(MinuteSum.OTHER)) {
            return null;
        }
        try {
            HostPort target = new HostPort(new ServerName(group.host()), group.port());
            return new Attempt(
                    "sum",
                    sum.minute(),
                    ListenerKind.TUNNEL,
                    SpiffeId.parse(group.identity()),
                    UNKNOWN,
                    target,
                    Question.usual(target));
        } catch (InvalidNameException | IllegalArgumentException e) {
            return null;
        }
    }

    private void add(Target target, Attempt attempt) {
        if (latest.containsKey(target) || latest.size() < most) {
            latest.put(target, attempt);
        } else {
            leftOut++;
        }
    }

    /** How many attempts will be judged again. */
    long attempts() {
        return latest.size();
    }

    /** Connections of clients and targets beyond those that can be judged in some seconds. */
    long leftOut() {
        return leftOut;
    }

    int rules() {
        return coverage.rules();
    }

    /**
     * The rules that nothing needed; to be asked for at the end.
     *
     * @param judged is told of each attempt
     */
    List<PolicyRef> unused(Runnable judged) {
        for (Attempt attempt : latest.values()) {
            DecisionTrace trace = new DecisionTrace();
            snapshot.decide(attempt, trace);
            coverage.add(trace.steps());
            judged.run();
        }
        Map<ObjectKey, Integer> sizes = new HashMap<>();
        snapshot.deciding().forEach(rule -> sizes.merge(rule.object(), 1, Integer::sum));
        return coverage.missed().stream()
                .filter(rule -> !isNamed(rule, sizes.getOrDefault(rule.object(), 1)))
                .toList();
    }

    /** Sums name objects, not rules within them. */
    private boolean isNamed(PolicyRef rule, int rulesOfObject) {
        return named.contains(rule.toString())
                || (rulesOfObject == 1 && named.contains(rule.object().toString()));
    }
}
